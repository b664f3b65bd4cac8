package catalog

import (
	"slices"

	"recall/wire"
)

// segment is an immutable inverted index of some songs, sorted by id. A doc is
// a song's place in it.
type segment struct {
	ids    []int64
	packed string   // all songs, see record.go
	at     []uint32 // where doc's song starts in packed
	attrs  []attr
	facts  []fact
	genres []string // folded, by attr.genre
	langs  []string // by attr.lang
	terms  vocab
	posts  postings
	grams  grams
}

// attr is what of a song is compared rather than searched.
type attr struct {
	year  uint16 // 0 unknown
	genre uint16
	lang  uint16
	tempo tempo
	fame  uint8 // popularity
}

// fact is what a search would have to fold a song's texts for, a third of its time.
type fact struct {
	name   uint64 // see nameOf
	census census
	titled uint16 // see titleLength
}

func (s *segment) song(doc uint32) wire.Song { return unpackSong(s.packed[s.at[doc]:]) }

// readTexts fills song but for its moods and themes.
func (s *segment) readTexts(doc uint32, song *wire.Song) { unpackTexts(s.packed[s.at[doc]:], song) }

func (s *segment) doc(id int64) (uint32, bool) {
	at, found := slices.BinarySearch(s.ids, id)
	return uint32(at), found
}

// postings hold, for term i, docs[start[i]:start[i+1]] in rising order, with
// the impact of the term in each and the fields it is in.
type postings struct {
	start  []uint32
	docs   []uint32
	impact []uint8
	fields []field
}

func (p *postings) of(term uint32) (from, to uint32) { return p.start[term], p.start[term+1] }

func (p *postings) count(term uint32) int { return int(p.start[term+1] - p.start[term]) }

// find looks doc up among the postings of term.
func (p *postings) find(term, doc uint32) (impact uint8, fields field, found bool) {
	from, to := p.of(term)
	i, found := slices.BinarySearch(p.docs[from:to], doc)
	if !found {
		return 0, 0, false
	}
	return p.impact[from+uint32(i)], p.fields[from+uint32(i)], true
}

// posting is one entry while postings are made: doc, impact and fields in one
// number that sorts by doc.
type posting uint64

func makePosting(doc uint32, impact uint8, fields field) posting {
	return posting(doc)<<16 | posting(impact)<<8 | posting(fields)
}

// newPostings takes entries that already stand grouped by term.
func newPostings(start []uint32, entries []posting) postings {
	p := postings{start, make([]uint32, len(entries)), make([]uint8, len(entries)), make([]field, len(entries))}
	for i, e := range entries {
		p.docs[i], p.impact[i], p.fields[i] = uint32(e>>16), uint8(e>>8), field(e)
	}
	return p
}

// bitmap is the set of docs of a segment that are gone; nil is none.
type bitmap []uint64

func (b bitmap) has(doc uint32) bool { return b != nil && b[doc/64]&(1<<(doc%64)) != 0 }
func (b bitmap) set(doc uint32)      { b[doc/64] |= 1 << (doc % 64) }

// names gives small numbers to the few different genres and languages.
type names struct {
	list   []string
	number map[string]uint16
}

// add numbers name; beyond 65,535 different ones the rest are unknown.
func (n *names) add(name string) uint16 {
	if n.number == nil {
		n.number, n.list = map[string]uint16{"": 0}, []string{""}
	}
	i, known := n.number[name]
	if !known && len(n.list) <= 0xffff {
		i = uint16(len(n.list))
		n.list = append(n.list, name)
		n.number[name] = i
	}
	return i
}
