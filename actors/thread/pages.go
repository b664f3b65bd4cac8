package thread

import (
	"maps"
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

// Book is what is kept of one thread. It is a value: a change makes a new one.
type Book struct {
	AsOf  int64               // the thread's last durable seq when it was right
	Pages map[int64]wire.Page // by the seq that a page ends before; 0 is the newest page
}

// PageKey names a page: the messages before Before (0: the newest), or, with
// Forward, those after After.
type PageKey struct {
	Before, After int64
	Forward       bool
}

// load is one query under way and everybody who waits for it.
type load struct {
	asOf    int64
	waiting []func(wire.Page, error)
}

// list answers messages.list from the book or through one shared load.
func (s *State) list(r Request, c *wire.MessagesList) {
	key := PageKey{Forward: c.AfterSeq != nil}
	if c.BeforeSeq != nil {
		key.Before = *c.BeforeSeq
	}
	if c.AfterSeq != nil {
		key.After = *c.AfterSeq
	}
	if p, ok := s.cached(key); ok {
		s.cfg.Meter.Hit("messages", "fetch_messages")
		s.reply(r, s.cut(p, key, c.PageSize(), true))
		return
	}
	s.cfg.Meter.Miss("messages")
	s.load(key, func(p wire.Page, err error) {
		if err != nil {
			s.refuse(r, wire.AsError(err))
			return
		}
		s.reply(r, s.cut(p, key, c.PageSize(), false))
	})
}

// maxPageBytes bounds the text of one reply: fifty of the longest messages would
// be more than a slow client's outbox holds.
const maxPageBytes = 256 << 10

// cut takes the messages that were asked for out of a whole page: from the side
// where reading began, as many as were asked for and fit.
func (s *State) cut(p wire.Page, key PageKey, size int, cached bool) *wire.Messages {
	n, bytes := 0, 0
	for n < min(size, len(p.Postings)) {
		next := p.Postings[n]
		if !key.Forward {
			next = p.Postings[len(p.Postings)-1-n]
		}
		if bytes += textOf(next); bytes > maxPageBytes && n > 0 {
			break
		}
		n++
	}
	postings := p.Postings[:n:n]
	if !key.Forward {
		postings = p.Postings[len(p.Postings)-n:]
	}
	if n == 0 {
		postings = []*wire.Posting{}
	}
	return &wire.Messages{ThreadID: s.id, Messages: postings, HasMore: p.HasMore || n < len(p.Postings), Cached: cached}
}

// textOf is about what a message takes in a frame, in bytes.
func textOf(p *wire.Posting) int {
	n := len(p.Text) + len(p.RawTranscript) + len(p.EditedTranscript) + len(p.Sources)
	if c := p.Candidate; c != nil {
		n += len(c.Reason) + len(c.Background)
	}
	return n
}

// cached looks into the book. Reading forward is served from the newest page
// when that reaches back far enough.
func (s *State) cached(key PageKey) (wire.Page, bool) {
	b, ok := s.shelf.Book(s.id)
	if !ok || b.AsOf != s.log.stored {
		return wire.Page{}, false
	}
	if !key.Forward {
		p, ok := b.Pages[key.Before]
		return p, ok
	}
	newest, ok := b.Pages[0]
	if !ok || newest.HasMore && newest.Postings[0].Seq > key.After+1 {
		return wire.Page{}, false
	}
	after := len(newest.Postings)
	for after > 0 && newest.Postings[after-1].Seq > key.After {
		after--
	}
	return wire.Page{Postings: newest.Postings[after:]}, true
}

// withNewest calls with the newest page, loaded if need be.
func (s *State) withNewest(use func(wire.Page, error)) {
	if p, ok := s.cached(PageKey{}); ok {
		use(p, nil)
		return
	}
	s.load(PageKey{}, use)
}

// maxLoads bounds the pages of one thread that are read at once: the keys are the
// clients' choice.
const maxLoads = 16

// load joins the load of this page that is under way, or begins it.
func (s *State) load(key PageKey, use func(wire.Page, error)) {
	if l, running := s.loads[key]; running {
		s.cfg.Meter.Coalesced("fetch_messages")
		l.waiting = append(l.waiting, use)
		return
	}
	if len(s.loads) >= maxLoads {
		use(wire.Page{}, unavailable())
		return
	}
	s.loads[key] = &load{waiting: []func(wire.Page, error){use}}
	s.read(key)
}

func (s *State) read(key PageKey) {
	s.loads[key].asOf = s.log.stored
	s.do(Load{Key: key, Query: wire.PageQuery{
		ThreadID: s.id, Before: key.Before, After: key.After, Forward: key.Forward, Limit: wire.MaxMessages,
	}})
}

// loaded hands a page to all who wait. One that was read while the thread moved
// on may lack what was written since, and is read again. While a commit is under
// way nobody knows whether the page holds it, so that it is not kept.
func (s *State) loaded(in Loaded) {
	l, ok := s.loads[in.Key]
	if !ok {
		return
	}
	if in.Err == nil && l.asOf != s.log.stored {
		s.read(in.Key)
		return
	}
	delete(s.loads, in.Key)
	if in.Err == nil && !in.Key.Forward && s.log.inflight == nil {
		s.keep(in.Key.Before, in.Page)
	}
	for _, use := range l.waiting {
		use(in.Page, in.Err)
	}
}

// keep adds a page to the book, which starts anew when it is out of date or full.
func (s *State) keep(before int64, p wire.Page) {
	b, ok := s.shelf.Book(s.id)
	if !ok || b.AsOf != s.log.stored || len(b.Pages) >= maxBookPages {
		b = Book{AsOf: s.log.stored}
	}
	pages := maps.Clone(b.Pages)
	if pages == nil {
		pages = map[int64]wire.Page{}
	}
	pages[before] = p
	s.shelf.Keep(s.id, Book{AsOf: b.AsOf, Pages: pages})
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
		for before, p := range pages {
			pages[before] = changedIn(p, changed)
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
	if m == nil {
		return p
	}
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
