package user

import (
	"go.opentelemetry.io/otel/trace"

	"recall/wire"
)

// ListKey names a read of the thread list: equal ones are one, unless Lone sets it
// apart.
type ListKey struct {
	Cursor   string
	Archived bool
	Size     int
	Lone     uint64
}

func keyOf(c *wire.ThreadList) ListKey {
	return ListKey{Cursor: c.Cursor, Archived: c.Archived, Size: c.PageSize()}
}

// command asks the store for the page.
func (k ListKey) command() *wire.ThreadList {
	return &wire.ThreadList{Cursor: k.Cursor, Archived: k.Archived, Limit: &k.Size}
}

// kept tells whether the page is one of those that are kept: what apps show is the
// list of current threads in whole pages.
func (k ListKey) kept() bool { return !k.Archived && k.Size == wire.MaxThreads }

// reading is one query under way and everybody who waits for it.
type reading struct {
	dirty   bool // the list changed while it was being read
	ahead   bool // nobody had asked for it when it began
	trace   trace.Span
	waiting []Call
}

// list answers from the kept pages, or through one shared read.
func (s *State) list(c Call, body List) {
	key := keyOf(body.Command)
	if page := s.page(key); page != nil {
		s.meter.Hit("threads", "list_threads")
		s.show(c, key, page)
		return
	}
	if key.kept() {
		s.meter.Miss("threads")
	}
	if s.without.Coalescing {
		s.lone++
		key.Lone = s.lone
	}
	if r, running := s.reads[key]; running {
		s.meter.Coalesced("list_threads")
		r.waiting = append(r.waiting, c)
		return
	}
	s.reads[key] = &reading{trace: body.Trace, waiting: []Call{c}}
	s.read(key)
}

func (s *State) page(key ListKey) *wire.Threads {
	pages, ok := s.lists.Get()
	if !ok || !key.kept() {
		return nil
	}
	return pages.ByCursor[key.Cursor]
}

func (s *State) read(key ListKey) {
	r := s.reads[key]
	r.dirty = false
	s.do(Read{Key: key, Command: key.command(), Ahead: r.ahead, Trace: r.trace})
}

// show answers with a page, behind which the next one is likely to be asked for.
func (s *State) show(c Call, key ListKey, page *wire.Threads) {
	s.answer(c, Listing{Threads: page})
	if key.kept() && page.NextCursor != nil {
		s.readAhead(*page.NextCursor)
	}
}

// readAhead reads a page that nobody has asked for yet, one at a time. Where nothing
// is kept there is no use in it.
func (s *State) readAhead(cursor string) {
	key := ListKey{Cursor: cursor, Size: wire.MaxThreads}
	_, running := s.reads[key]
	if s.without.Prefetch || s.lists == (NoLists{}) || running || s.ahead() || s.page(key) != nil {
		return
	}
	s.reads[key] = &reading{ahead: true}
	s.read(key)
}

func (s *State) ahead() bool {
	for _, r := range s.reads {
		if r.ahead {
			return true
		}
	}
	return false
}

// listed hands a page to all who wait.
func (s *State) listed(in Listed) {
	r, ok := s.reads[in.Key]
	if !ok {
		return
	}
	if s.again(in, r) {
		s.read(in.Key)
		return
	}
	delete(s.reads, in.Key)
	if in.Err == nil && !r.dirty {
		s.keep(in.Key, in.Threads)
	}
	for _, c := range r.waiting {
		if in.Err != nil {
			s.fail(c, in.Err)
			continue
		}
		s.show(c, in.Key, in.Threads)
	}
}

// again tells whether those who wait need the page to be read once more: when the list
// changed meanwhile it may lack the change. What was read ahead and came to nothing is
// forgotten, unless it is wanted by now.
func (s *State) again(in Listed, r *reading) bool {
	ahead := r.ahead
	r.ahead = false
	if ahead && in.Err == nil {
		s.meter.Prefetched("list_threads")
	}
	if ahead && (len(r.waiting) == 0 || in.Err != nil) {
		return len(r.waiting) > 0
	}
	return in.Err == nil && r.dirty
}

// changed drops every page: one thread that moves to the top shifts them all.
func (s *State) changed() {
	if s.gone {
		s.rest = Pages{}
		return
	}
	s.lists.Drop()
	for _, r := range s.reads {
		r.dirty = true
	}
}

// keep adds a page to those that are kept. When there are as many as may be, further
// ones are read each time.
func (s *State) keep(key ListKey, page *wire.Threads) {
	pages, ok := s.lists.Get()
	if !ok {
		pages = Pages{Since: s.now}
	}
	if key.kept() && len(pages.ByCursor) < maxPages {
		s.lists.Keep(pages.with(key.Cursor, page))
	}
}
