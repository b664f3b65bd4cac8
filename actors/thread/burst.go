package thread

import (
	"maps"
	"time"

	"recall/wire"
)

// A connection that asks for the same page again at once (a screen that is drawn
// twice, two parts of an app) has one load for all of it (RECALL.md, "Caches"), also
// where no page is kept. What the book keeps it holds no second time, since that is
// counted there, and what it holds it lets go as soon as the burst is over.
const (
	burstGap  = 300 * time.Millisecond // between two requests of one burst, at most
	maxBursts = 256                    // peers whose last page is remembered: as many as a user has connections
)

// burst is the last page that a peer asked for.
type burst struct {
	key     PageKey
	last    time.Time // of its requests
	loaded  bool
	page    wire.Page // once loaded
	waiting []reading // equal requests that came while it was being read
}

// debounced answers a request from the burst that it belongs to, now or when its page
// is there.
func (s *State) debounced(q reading) bool {
	b, recent := s.bursts[q.From]
	if !recent || b.key != q.key || s.over(b) {
		return false
	}
	s.cfg.Meter.Debounced("fetch_messages")
	b.last = s.now
	if b.loaded {
		s.show(q, b.page, true)
		return true
	}
	b.waiting = append(b.waiting, q)
	return true
}

func (s *State) over(b *burst) bool { return s.now.Sub(b.last) > burstGap }

// beginBurst remembers what a peer asks for; what others asked long ago is forgotten.
func (s *State) beginBurst(q reading) *burst {
	b := &burst{key: q.key, last: s.now}
	if s.cfg.Without.Debounce {
		return b
	}
	s.endOldBursts()
	if len(s.bursts) >= maxBursts {
		clear(s.bursts)
	}
	s.bursts[q.From] = b
	return b
}

func (s *State) endOldBursts() {
	maps.DeleteFunc(s.bursts, func(_ Peer, b *burst) bool { return s.over(b) })
}

// burstsOver drops the pages whose burst is over, and waits on for the others.
func (s *State) burstsOver() {
	s.sweeping = false
	s.endOldBursts()
	for _, b := range s.bursts {
		if b.loaded {
			s.sweepBursts()
			return
		}
	}
}

// sweepBursts has one clock for all bursts: a page is held for two gaps at most once
// nobody asks for it any more.
func (s *State) sweepBursts() {
	if !s.sweeping {
		s.sweeping = true
		s.do(SweepBursts{After: burstGap})
	}
}

// endBurst answers all requests of a burst that have come so far. A page that could
// not be read is asked for anew by the next one, and one that the book keeps is taken
// from there.
func (s *State) endBurst(b *burst, q reading, p wire.Page, err error) {
	all := append([]reading{q}, b.waiting...)
	b.loaded, b.page, b.waiting = true, p, nil
	for i, q := range all {
		if err != nil {
			s.refuse(q.Request, wire.AsError(err))
			continue
		}
		s.show(q, p, i > 0)
	}
	_, kept := s.cached(q.key, max(1, len(p.Postings)))
	switch {
	case s.bursts[q.From] != b: // it is over, or what was written since has ended it
	case err != nil, kept:
		delete(s.bursts, q.From)
	default:
		s.sweepBursts()
	}
}
