package catalog

import (
	"cmp"
	"slices"
)

// part is a segment as one snapshot sees it: without its dead.
type part struct {
	*segment
	dead bitmap
	live int
}

// place is a living song of one of the parts being merged.
type place struct {
	id   int64
	part int
	doc  uint32
}

const gone = ^uint32(0)

// mergeParts makes one segment of the living songs of parts, from what is
// already indexed: no text is folded again.
func mergeParts(parts []part) *segment {
	m := &segment{}
	places := livingPlaces(parts)
	moved := make([][]uint32, len(parts)) // old doc → new doc
	for i, p := range parts {
		moved[i] = slices.Repeat([]uint32{gone}, len(p.ids))
	}
	var packed []byte
	var genres, langs names
	for doc, from := range places {
		p := parts[from.part]
		moved[from.part][from.doc] = uint32(doc)
		m.ids = append(m.ids, from.id)
		m.at = append(m.at, uint32(len(packed)))
		packed = append(packed, p.record(from.doc)...)
		a := p.attrs[from.doc]
		a.genre, a.lang = genres.add(p.genres[a.genre]), langs.add(p.langs[a.lang])
		m.attrs, m.facts = append(m.attrs, a), append(m.facts, p.facts[from.doc])
	}
	m.mergePostings(parts, moved)
	return m.seal(packed, genres.list, langs.list)
}

func livingPlaces(parts []part) []place {
	var places []place
	for i, p := range parts {
		for doc, id := range p.ids {
			if !p.dead.has(uint32(doc)) {
				places = append(places, place{id, i, uint32(doc)})
			}
		}
	}
	slices.SortFunc(places, func(a, b place) int { return cmp.Compare(a.id, b.id) })
	return places
}

func (s *segment) record(doc uint32) string {
	if int(doc)+1 < len(s.at) {
		return s.packed[s.at[doc]:s.at[doc+1]]
	}
	return s.packed[s.at[doc]:]
}

// mergePostings numbers the terms that still have a song and moves their
// postings; a term of several parts may need its docs sorted.
func (s *segment) mergePostings(parts []part, moved [][]uint32) {
	var counts []uint32
	numbers := make([][]uint32, len(parts))
	for i, p := range parts {
		numbers[i] = make([]uint32, p.terms.len())
		for term := range numbers[i] {
			n := p.living(uint32(term), moved[i])
			if n == 0 {
				continue
			}
			id := s.terms.add(p.terms.term(uint32(term)))
			if int(id) == len(counts) {
				counts = append(counts, 0)
			}
			counts[id] += n
			numbers[i][term] = id
		}
	}
	start := startsOf(counts)
	s.posts = newPostings(start, movedEntries(parts, moved, numbers, start))
}

func (p part) living(term uint32, moved []uint32) (n uint32) {
	from, to := p.posts.of(term)
	for _, doc := range p.posts.docs[from:to] {
		if moved[doc] != gone {
			n++
		}
	}
	return n
}

func movedEntries(parts []part, moved, numbers [][]uint32, start []uint32) []posting {
	entries := make([]posting, start[len(start)-1])
	next := slices.Clone(start)
	for i, p := range parts {
		for term, id := range numbers[i] {
			from, to := p.posts.of(uint32(term))
			for at := from; at < to; at++ {
				if doc := moved[i][p.posts.docs[at]]; doc != gone {
					entries[next[id]] = makePosting(doc, p.posts.impact[at], p.posts.fields[at])
					next[id]++
				}
			}
		}
	}
	for id := range len(start) - 1 {
		if group := entries[start[id]:start[id+1]]; !slices.IsSorted(group) {
			slices.Sort(group)
		}
	}
	return entries
}
