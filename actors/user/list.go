package user

import (
	"go.opentelemetry.io/otel/trace"

	"recall/wire"
)

// ListKey names a read of the thread list: equal ones are one, unless Uncoalesced sets it
// apart.
type ListKey struct {
	Cursor      string
	Archived    bool
	Size        int
	Uncoalesced uint64
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

// load is one query under way and everybody who waits for it.
type load struct {
	dirty    bool // the list changed while it was being read
	prefetch bool // nobody had asked for it when it began
	trace    trace.Span
	waiting  []Call
}

// list answers from the kept pages, or through one shared read.
func (s *State) list(c Call, body List) {
	key := keyOf(body.Command)
	if page := s.page(key); page != nil {
		s.limits.cfg.Meter.Hit("threads", "list_threads")
		s.show(c, key, page)
		return
	}
	if key.kept() {
		s.limits.cfg.Meter.Miss("threads")
	}
	if s.limits.cfg.Without.Coalescing {
		s.uncoalesced++
		key.Uncoalesced = s.uncoalesced
	}
	if l, running := s.loads[key]; running {
		s.limits.cfg.Meter.Coalesced("list_threads")
		l.waiting = append(l.waiting, c)
		return
	}
	s.begin(key, &load{trace: body.Trace, waiting: []Call{c}})
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
	l := s.loads[key]
	l.dirty = false
	s.do(Read{Key: key, Command: key.command(), Prefetch: l.prefetch, Trace: l.trace})
}

// show answers with a page, behind which the next one is likely to be asked for.
func (s *State) show(c Call, key ListKey, page *wire.Threads) {
	s.answer(c, Listing{Threads: page})
	if key.kept() && page.NextCursor != nil {
		s.prefetch(*page.NextCursor)
	}
}

// prefetch reads a page that nobody has asked for yet, one at a time. Where nothing
// is kept there is no use in it.
func (s *State) prefetch(cursor string) {
	key := ListKey{Cursor: cursor, Size: wire.MaxThreads}
	_, running := s.loads[key]
	if s.limits.cfg.Without.Prefetch || s.lists == (NoLists{}) || running || s.prefetching() || s.page(key) != nil {
		return
	}
	s.begin(key, &load{prefetch: true})
	s.read(key)
}

func (s *State) prefetching() bool {
	for _, l := range s.loads {
		if l.prefetch {
			return true
		}
	}
	return false
}

// listed hands a page to all who wait.
func (s *State) listed(in Listed) {
	l, ok := s.loads[in.Key]
	if !ok {
		return
	}
	if s.again(in, l) {
		s.read(in.Key)
		return
	}
	delete(s.loads, in.Key)
	if in.Err == nil && !l.dirty {
		s.keep(in.Key, in.Threads)
	}
	for _, c := range l.waiting {
		if in.Err != nil {
			s.fail(c, in.Err)
			continue
		}
		s.show(c, in.Key, in.Threads)
	}
}

// again tells whether those who wait need the page to be read once more: when the list
// changed meanwhile it may lack the change. What was prefetched and came to nothing is
// forgotten, unless it is wanted by now.
func (s *State) again(in Listed, l *load) bool {
	prefetched := l.prefetch
	l.prefetch = false
	if prefetched && in.Err == nil {
		s.limits.cfg.Meter.Prefetched("list_threads")
	}
	if prefetched && (len(l.waiting) == 0 || in.Err != nil) {
		return len(l.waiting) > 0
	}
	return in.Err == nil && l.dirty
}

// changed drops every page: one thread that moves to the top shifts them all.
func (s *State) changed() {
	if s.gone {
		s.rest = Pages{}
		return
	}
	s.lists.Drop()
	for _, l := range s.loads {
		l.dirty = true
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

func (s *State) begin(key ListKey, l *load) {
	if s.loads == nil {
		s.loads = map[ListKey]*load{}
	}
	s.loads[key] = l
}
