package thread

import (
	"go.opentelemetry.io/otel/trace"

	"recall/wire"
)

// PageKey names a page: the messages before Before (0: the newest), or, with
// Forward, those after After. Uncoalesced is 0 for a load that equal ones may join;
// any other number is of a load of its own.
type PageKey struct {
	Before, After int64
	Forward       bool
	Uncoalesced   uint64
}

// reading is a messages.list that waits for its page.
type reading struct {
	Request
	key  PageKey
	size int
}

func readingOf(r Request, c *wire.MessagesList) reading {
	q := reading{Request: r, key: PageKey{Forward: c.AfterSeq != nil}, size: c.PageSize()}
	if c.BeforeSeq != nil {
		q.key.Before = *c.BeforeSeq
	}
	if c.AfterSeq != nil {
		q.key.After = *c.AfterSeq
	}
	return q
}

// list answers messages.list from the book, from what its peer was answered just
// before, or through one shared load.
func (s *State) list(r Request, c *wire.MessagesList) {
	q := readingOf(r, c)
	if p, ok := s.cached(q.key, q.size); ok {
		s.cfg.Meter.Hit("messages", "fetch_messages")
		s.show(q, p, true)
		return
	}
	s.cfg.Meter.Miss("messages")
	if s.debounced(q) {
		return
	}
	b := s.beginBurst(q)
	s.fetch(q, func(p wire.Page, err error) { s.endBurst(b, q, p, err) })
}

// fetch loads a page; of one that is kept in part only the rest. It is refused when too
// many loads are under way, and never once it has been let in.
func (s *State) fetch(q reading, use func(wire.Page, error)) {
	kept, key := s.partly(q)
	if s.crowded(key) {
		use(wire.Page{}, wire.Unavailable())
		return
	}
	asOf := s.log.stored
	s.load(key, q.Trace, func(p wire.Page, err error) {
		if err == nil && len(kept.Postings) > 0 && asOf != s.log.stored {
			s.load(q.key, q.Trace, use) // the kept part may have changed
			return
		}
		use(joined(p, kept), err)
	})
}

// partly is what the book has of a page, and the key of what it lacks.
func (s *State) partly(q reading) (kept wire.Page, rest PageKey) {
	b, ok := s.book()
	if !ok || q.key.Forward {
		return wire.Page{}, q.key
	}
	kept, edge, _ := b.reach(q.key.Before, q.size)
	return kept, PageKey{Before: edge}
}

// show answers with the part of a page that was asked for. Whoever reads back will
// want what lies behind it.
func (s *State) show(q reading, p wire.Page, cached bool) {
	m := s.cut(p, q.key, q.size, cached)
	s.reply(q.Request, m)
	s.prefetch(q, m)
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

// cached looks into the book for size messages. Reading forward is served from the
// newest page when that reaches back far enough.
func (s *State) cached(key PageKey, size int) (p wire.Page, ok bool) {
	b, ok := s.book()
	switch {
	case !ok:
	case key.Forward:
		p, ok = b.since(key.After)
	default:
		p, _, ok = b.reach(key.Before, size)
	}
	return p, ok
}

// withNewest calls with the newest page, loaded if need be. Recalls look at it as readers
// do, and so it counts.
func (s *State) withNewest(span trace.Span, use func(wire.Page, error)) {
	if p, ok := s.cached(PageKey{}, 1); ok {
		s.cfg.Meter.Hit("messages", "fetch_messages")
		use(p, nil)
		return
	}
	s.cfg.Meter.Miss("messages")
	s.load(PageKey{}, span, use)
}
