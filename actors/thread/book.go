package thread

import (
	"maps"
	"math"
	"slices"

	"recall/wire"
)

// maxBookPages bounds the pages of one thread that are kept: beyond it reading
// far back costs queries, not memory.
const maxBookPages = 20

// Shelf keeps the pages of all threads of the process within one bound of
// bytes. Only a thread's own grain reads and writes its book.
type Shelf interface {
	Book(thread wire.ID) (Book, bool)
	Keep(thread wire.ID, b Book)
}

// NoShelf keeps nothing: the message cache is switched off.
type NoShelf struct{}

// Book implements [Shelf].
func (NoShelf) Book(wire.ID) (Book, bool) { return Book{}, false }

// Keep implements [Shelf].
func (NoShelf) Keep(wire.ID, Book) {}

// Book is what is kept of one thread. It is a value: a change makes a new one.
type Book struct {
	AsOf  int64               // the thread's last durable seq when it was right
	Pages map[int64]wire.Page // by the seq that a page ends before; 0 is the newest page
}

// reach is what is kept right before a seq (0: of the newest), in one piece: at least
// size messages, or all there are. Where less is kept, ok is false and edge is the
// seq that the missing part ends before. So a client may read back in steps of any
// size: what it asks for lies on one kept page or across two.
func (b Book) reach(before int64, size int) (p wire.Page, edge int64, ok bool) {
	p, edge = wire.Page{HasMore: true}, before
	for p.HasMore && len(p.Postings) < size {
		older, kept := b.piece(edge)
		if !kept {
			return p, edge, false
		}
		p = joined(older, p)
		if len(older.Postings) > 0 {
			edge = older.Postings[0].Seq
		}
	}
	return p, edge, true
}

// piece is what some kept page has of the messages right before a seq.
func (b Book) piece(before int64) (wire.Page, bool) {
	if p, exact := b.Pages[before]; exact || before == 0 {
		return p, exact
	}
	for end, p := range b.Pages {
		if end != 0 && end < before {
			continue
		}
		n := len(p.Postings)
		for n > 0 && p.Postings[n-1].Seq >= before {
			n--
		}
		if n > 0 || !p.HasMore {
			return wire.Page{Postings: p.Postings[:n:n], HasMore: p.HasMore}, true
		}
	}
	return wire.Page{}, false
}

// joined is a page with the messages right before it.
func joined(older, newer wire.Page) wire.Page {
	if len(newer.Postings) == 0 {
		return older
	}
	return wire.Page{Postings: slices.Concat(older.Postings, newer.Postings), HasMore: older.HasMore}
}

// since is what is kept of the messages behind a seq, if that is all of them.
func (b Book) since(after int64) (wire.Page, bool) {
	newest, ok := b.Pages[0]
	if !ok || newest.HasMore && newest.Postings[0].Seq > after+1 {
		return wire.Page{}, false
	}
	n := len(newest.Postings)
	for n > 0 && newest.Postings[n-1].Seq > after {
		n--
	}
	return wire.Page{Postings: newest.Postings[n:]}, true
}

// Bytes is about what the book takes in memory, for the bound of the shelf.
func (b Book) Bytes() uint32 {
	const bookOverhead, postingOverhead = 200, 400
	total := bookOverhead
	for _, p := range b.Pages {
		for _, m := range p.Postings {
			total += postingOverhead + textOf(m)
			if m.Candidate != nil {
				total += postingOverhead
			}
		}
	}
	return uint32(min(total, 1<<31))
}

// book is the thread's book, as long as it is right.
func (s *State) book() (Book, bool) {
	b, ok := s.shelf.Book(s.id)
	return b, ok && b.AsOf == s.log.stored
}

// keep adds a page to the book, which starts anew when it is out of date. A full one
// lets the page go that is farthest back: the newest is what every recall needs.
func (s *State) keep(before int64, p wire.Page) {
	b, ok := s.book()
	if !ok {
		b = Book{AsOf: s.log.stored}
	}
	pages := maps.Clone(b.Pages)
	if pages == nil {
		pages = map[int64]wire.Page{}
	}
	pages[before] = p
	if len(pages) > maxBookPages {
		delete(pages, farthest(pages))
	}
	s.shelf.Keep(s.id, Book{AsOf: b.AsOf, Pages: pages})
}

// farthest is the key of the page that is farthest back, of two at least.
func farthest(pages map[int64]wire.Page) int64 {
	back := int64(math.MaxInt64)
	for before := range pages {
		if before != 0 {
			back = min(back, before)
		}
	}
	return back
}

// shelve writes a commit through the book, so that nobody reads a page that
// lacks what is stored. A new message drops the pages that end behind it.
func (s *State) shelve(c *wire.Commit) {
	b, ok := s.shelf.Book(s.id)
	if !ok {
		return
	}
	pages := maps.Clone(b.Pages)
	if b.AsOf != s.log.stored {
		pages = nil
	}
	for _, changed := range []*wire.Posting{c.Judged, c.Heard} {
		if changed != nil {
			for before, p := range pages {
				pages[before] = changedIn(p, changed)
			}
		}
	}
	if newest, has := pages[0]; has {
		pages[0] = extend(newest, c.Postings)
	}
	if len(c.Postings) > 0 {
		maps.DeleteFunc(pages, func(before int64, _ wire.Page) bool { return before > c.Postings[0].Seq })
	}
	s.shelf.Keep(s.id, Book{AsOf: c.Seq, Pages: pages})
}

// changedIn is the page with a message in its new state, if it is on it.
func changedIn(p wire.Page, m *wire.Posting) wire.Page {
	i := slices.IndexFunc(p.Postings, func(q *wire.Posting) bool { return q.ID == m.ID })
	if i < 0 {
		return p
	}
	p.Postings = slices.Clone(p.Postings)
	p.Postings[i] = m
	return p
}

// extend appends to the newest page and lets the oldest messages go out of it.
func extend(p wire.Page, added []*wire.Posting) wire.Page {
	all := slices.Concat(p.Postings, added)
	if over := len(all) - wire.MaxMessages; over > 0 {
		return wire.Page{Postings: all[over:], HasMore: true}
	}
	return wire.Page{Postings: all, HasMore: p.HasMore}
}
