package user

import "recall/wire"

// isFirstPage tells whether the page is the one that is kept.
func isFirstPage(c *wire.ThreadList) bool {
	return c.Cursor == "" && !c.Archived && c.PageSize() == wire.MaxThreads
}

// list answers from the kept first page, or through one shared read of it.
// Other pages are read each time: few people turn them.
func (s *State) list(c Call, command *wire.ThreadList) {
	if !isFirstPage(command) {
		s.do(Read{Call: c})
		return
	}
	if kept, ok := s.lists.Get(); ok {
		s.meter.Hit("threads", "list_threads")
		s.answer(c, Listing{Threads: kept})
		return
	}
	s.meter.Miss("threads")
	s.reading = append(s.reading, c)
	if len(s.reading) > 1 {
		s.meter.Coalesced("list_threads")
		return
	}
	s.read()
}

func (s *State) read() {
	s.dirty = false
	s.do(Read{Call: s.reading[0]})
}

// listed hands a page to all who wait. A first page that was read while the list
// changed may lack the change, and is read again.
func (s *State) listed(in Listed) {
	if !isFirstPage(in.Call.Body.(List).Command) {
		s.answer(in.Call, Listing{Threads: in.Threads, Err: in.Err})
		return
	}
	if in.Err == nil && s.dirty {
		s.read()
		return
	}
	if in.Err == nil {
		s.lists.Keep(in.Threads)
	}
	waiting := s.reading
	s.reading = nil
	for _, c := range waiting {
		s.answer(c, Listing{Threads: in.Threads, Err: in.Err})
	}
}
