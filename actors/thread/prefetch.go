package thread

import "recall/wire"

// This file prefetches: the page behind the one that somebody is reading. It comes
// last in everything: after the answer, one at a time, and only when the store has
// nothing better to do, which the grain finds out when it carries the load out.

// prefetch loads what lies behind a page that a subscriber was just answered, as far
// as the book lacks it for the next step back. Without a book, which means that
// nothing is kept, there is no use in it.
func (s *State) prefetch(q reading, m *wire.Messages) {
	_, watches := s.peers[q.From]
	if s.cfg.Without.Prefetch || q.key.Forward || !watches || !m.HasMore || len(m.Messages) == 0 || s.prefetching() {
		return
	}
	b, ok := s.book()
	if !ok || len(b.Pages) == 0 || len(b.Pages) >= maxBookPages {
		return
	}
	_, edge, kept := b.reach(m.Messages[0].Seq, q.size)
	key := PageKey{Before: edge}
	if _, running := s.loads[key]; kept || running {
		return
	}
	s.loads[key] = &load{prefetch: true, trace: q.Trace}
	s.read(key)
}

// prefetching tells whether a page is being read that nobody had asked for.
func (s *State) prefetching() bool {
	for _, l := range s.loads {
		if l.prefetch {
			return true
		}
	}
	return false
}
