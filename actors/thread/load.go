package thread

import (
	"go.opentelemetry.io/otel/trace"

	"recall/wire"
)

// maxLoads bounds the pages of one thread that are read at once: the keys are the
// clients' choice. Without coalescing each request has a load of its own, and what
// bounds those are its senders' places. The newest page is never refused: recalls
// need it.
const maxLoads = 16

// load is one query under way and everybody who waits for it.
type load struct {
	asOf     int64
	prefetch bool // nobody had asked for it when it began
	trace    trace.Span
	waiting  []func(wire.Page, error)
}

// load joins the load of this page that is under way, or begins it.
func (s *State) load(key PageKey, span trace.Span, use func(wire.Page, error)) {
	if s.cfg.Without.Coalescing {
		s.uncoalesced++
		key.Uncoalesced = s.uncoalesced
	}
	if l, running := s.loads[key]; running {
		s.cfg.Meter.Coalesced("fetch_messages")
		l.waiting = append(l.waiting, use)
		return
	}
	s.loads[key] = &load{trace: span, waiting: []func(wire.Page, error){use}}
	s.read(key)
}

// crowded tells whether there is no place for one more load, as this page would need.
func (s *State) crowded(key PageKey) bool {
	_, running := s.loads[key]
	return !running && !s.cfg.Without.Coalescing && key != (PageKey{}) && s.asked() >= maxLoads
}

// asked is how many loads are under way because somebody asked for them.
func (s *State) asked() int {
	if s.prefetching() {
		return len(s.loads) - 1
	}
	return len(s.loads)
}

func (s *State) read(key PageKey) {
	l := s.loads[key]
	l.asOf = s.log.stored
	s.do(Load{Key: key, Prefetch: l.prefetch, Trace: l.trace, Query: wire.PageQuery{
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
	if s.again(in, l) {
		s.read(in.Key)
		return
	}
	delete(s.loads, in.Key)
	if in.Err == nil && !in.Key.Forward && s.log.inflight == nil && l.asOf == s.log.stored {
		s.keep(in.Key.Before, in.Page)
	}
	for _, use := range l.waiting {
		use(in.Page, in.Err)
	}
}

// again tells whether those who wait need the page to be read once more. What was
// prefetched and came to nothing is forgotten, unless it is wanted by now.
func (s *State) again(in Loaded, l *load) bool {
	prefetched := l.prefetch
	l.prefetch = false
	if prefetched && in.Err == nil {
		s.cfg.Meter.Prefetched("fetch_messages")
	}
	if prefetched && (len(l.waiting) == 0 || in.Err != nil) {
		return len(l.waiting) > 0
	}
	return in.Err == nil && l.asOf != s.log.stored
}
