package catalog

import (
	"cmp"
	"math/bits"
	"slices"
)

// grams finds the terms of a vocabulary that share three letters with a
// mistyped word. Buckets are hashed and may hold strangers: whoever is found
// is measured by its edit distance anyway.
type grams struct {
	start   []uint32 // by bucket
	terms   []uint32
	letters []uint32 // by term: which letters it has
}

const (
	minTypoLength = 4    // bytes: shorter words have too many neighbours
	maxTypoReads  = 3000 // terms looked at for one word
	probes        = 4    // and one for every four letters: more than typing errors can spoil
	maxVariants   = 4
)

func newGrams(v *vocab) grams {
	buckets := 16
	for buckets < 2*v.len() {
		buckets *= 2
	}
	counts := make([]uint32, buckets)
	forEachGram(v, func(_ uint32, gram uint32) { counts[gram&uint32(buckets-1)]++ })
	g := grams{start: startsOf(counts)}
	g.terms = make([]uint32, g.start[buckets])
	g.letters = make([]uint32, v.len())
	for i := range g.letters {
		g.letters[i] = lettersOf(v.term(uint32(i)))
	}
	next := slices.Clone(g.start)
	forEachGram(v, func(term, gram uint32) {
		b := gram & uint32(buckets-1)
		g.terms[next[b]] = term
		next[b]++
	})
	return g
}

func forEachGram(v *vocab, f func(term, gram uint32)) {
	for i := range uint32(v.len()) {
		if term := v.term(i); len(term) >= minTypoLength {
			eachGram(term, func(gram uint32) { f(i, gram) })
		}
	}
}

// eachGram gives the hashed trigrams of term with one blank before and after.
func eachGram(term []byte, f func(gram uint32)) {
	a, b := uint32(' '), uint32(term[0])
	for i := 1; i <= len(term); i++ {
		c := uint32(' ')
		if i < len(term) {
			c = uint32(term[i])
		}
		h := (a<<16 | b<<8 | c) * 0x9E3779B1
		f(h ^ h>>15)
		a, b = b, c
	}
}

// lettersOf is the set of letters of term: each error changes at most two.
func lettersOf(term []byte) uint32 {
	set := uint32(0)
	for _, b := range term {
		set |= 1 << (b & 31)
	}
	return set
}

// likeness is a term near a mistyped word.
type likeness struct {
	term     uint32
	distance int
}

// like finds the terms nearest to word, nearest first: at most one error in
// words of up to seven letters, two in up to fifteen, three in longer ones. It reads the rarest
// trigrams of word first and stops after maxTypoReads.
func (s *segment) like(word []byte) []likeness {
	allowed := typosAllowed(word)
	if allowed == 0 {
		return nil
	}
	var near []likeness
	letters, reads := lettersOf(word), 0
	for _, bucket := range s.grams.rarest(word) {
		from, to := s.grams.start[bucket], s.grams.start[bucket+1]
		for _, id := range s.grams.terms[from:to] {
			if reads++; reads > maxTypoReads {
				return nearest(near)
			}
			if bits.OnesCount32(letters^s.grams.letters[id]) > 2*allowed {
				continue
			}
			term := s.terms.term(id)
			if abs(len(term)-len(word)) > allowed {
				continue
			}
			if l := (likeness{id, distance(word, term, allowed)}); l.distance <= allowed && !slices.Contains(near, l) {
				near = append(near, l)
			}
		}
	}
	return nearest(near)
}

func typosAllowed(word []byte) int {
	switch n := len(word); {
	case n < minTypoLength || isNumber(word):
		return 0
	case n < 8:
		return 1
	case n < 16:
		return 2
	}
	return 3
}

func (g *grams) rarest(word []byte) []uint32 {
	var buckets []uint32
	mask := uint32(len(g.start) - 2)
	eachGram(word, func(gram uint32) { buckets = append(buckets, gram&mask) })
	size := func(b uint32) uint32 { return g.start[b+1] - g.start[b] }
	slices.SortStableFunc(buckets, func(a, b uint32) int { return cmp.Compare(size(a), size(b)) })
	return buckets[:min(probes+len(word)/4, len(buckets))]
}

func nearest(near []likeness) []likeness {
	slices.SortStableFunc(near, func(a, b likeness) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.term, b.term))
	})
	return near[:min(maxVariants, len(near))]
}
