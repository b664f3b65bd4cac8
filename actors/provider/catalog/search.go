package catalog

import (
	"cmp"
	"slices"
	"sync"
)

// A search has two phases. The first adds up, term by term and the rarest
// first, what the index holds (term at a time, with accumulators), until its
// budget of postings is used; common words then no longer open the way for
// songs, they only count in the second phase. That phase looks at the best
// few closely (rank.go).
const (
	postingBudget = 25_000 // postings read in the first phase
	commonShare   = 8      // a word of more than 1/8 of a large part is common
	largePart     = 4_000  // songs; below, everything is read
	shortlist     = 40     // songs that the second phase looks at
)

// hit is a song found.
type hit struct {
	part  int
	doc   uint32
	id    int64
	fame  uint8
	score float32
}

// scratch is the memory of one first phase, reused: a float for every song.
type scratch struct {
	scores  []float32
	touched []uint32
}

var scratches = sync.Pool{New: func() any { return &scratch{} }}

func (q *query) shortlist() []hit {
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	top := best{limit: shortlist, heap: q.hits[:0]}
	budget := postingBudget
	for i := range q.snap.parts {
		s.reset(len(q.snap.parts[i].ids))
		budget = q.accumulate(s, i, budget)
		q.collect(s, i, &top)
		s.clear()
	}
	q.hits = top.heap // its room is reused
	return top.sorted()
}

func (s *scratch) reset(n int) {
	if len(s.scores) < n {
		s.scores = make([]float32, n)
	}
	s.touched = s.touched[:0]
}

func (s *scratch) clear() {
	for _, doc := range s.touched {
		s.scores[doc] = 0
	}
}

func (q *query) accumulate(s *scratch, part, budget int) int {
	p := &q.snap.parts[part]
	for i := range q.units {
		u := &q.units[i]
		for j := range u.variants {
			term := u.variants[j].terms[part]
			if u.not || u.weight == 0 || term == gone {
				continue
			}
			n := p.posts.count(term)
			common := len(p.ids) > largePart && (n > len(p.ids)/commonShare || u.class == stop || u.class == filler)
			if len(s.touched) > 0 && (n > budget || common) {
				continue
			}
			budget -= n
			s.add(&p.posts, term, u.weight*u.variants[j].share/255)
		}
	}
	return budget
}

func (s *scratch) add(posts *postings, term uint32, weight float32) {
	from, to := posts.of(term)
	docs, impacts := posts.docs[from:to], posts.impact[from:to]
	for i, doc := range docs {
		if s.scores[doc] == 0 {
			s.touched = append(s.touched, doc)
		}
		s.scores[doc] += weight * float32(impacts[i])
	}
}

// collect offers the songs of a part to top. When words found too few and
// style was asked for ("a slow French song of the sixties"), every song may be
// the one.
func (q *query) collect(s *scratch, part int, top *best) {
	p := &q.snap.parts[part]
	style := &q.style
	style.fill(q, p.segment)
	offer := func(doc uint32) {
		a := p.attrs[doc]
		score := s.scores[doc]
		if score+style.best < top.least() || p.dead.has(doc) {
			return
		}
		if score += style.style(a) + fameScore(a); score < top.least() {
			return
		}
		top.offer(hit{part, doc, p.ids[doc], a.fame, score})
	}
	if style.asked && len(s.touched) < shortlist {
		for doc := range uint32(len(p.ids)) {
			offer(doc)
		}
		return
	}
	for _, doc := range s.touched {
		offer(doc)
	}
}

// best keeps the best hits in a heap, the worst of them at its root.
type best struct {
	limit int
	heap  []hit
}

func (b *best) least() float32 {
	if len(b.heap) < b.limit {
		return -1e9
	}
	return b.heap[0].score
}

func (b *best) offer(h hit) {
	if len(b.heap) < b.limit {
		b.heap = append(b.heap, h)
		for i := len(b.heap) - 1; i > 0 && rankOf(b.heap[(i-1)/2], b.heap[i]) < 0; i = (i - 1) / 2 {
			b.heap[i], b.heap[(i-1)/2] = b.heap[(i-1)/2], b.heap[i]
		}
		return
	}
	if rankOf(h, b.heap[0]) < 0 {
		b.heap[0] = h
		b.sink()
	}
}

func (b *best) sink() {
	for i := 0; ; {
		worst := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(b.heap); child++ {
			if rankOf(b.heap[child], b.heap[worst]) > 0 {
				worst = child
			}
		}
		if worst == i {
			return
		}
		b.heap[i], b.heap[worst] = b.heap[worst], b.heap[i]
		i = worst
	}
}

func (b *best) sorted() []hit {
	slices.SortFunc(b.heap, rankOf)
	return b.heap
}

// rankOf orders hits: the better first, ties by popularity and then by id, so
// that the same question always has the same answer.
func rankOf(a, b hit) int {
	if byScore := cmp.Compare(b.score, a.score); byScore != 0 { // as nearly always
		return byScore
	}
	return cmp.Or(cmp.Compare(b.fame, a.fame), cmp.Compare(a.id, b.id))
}
