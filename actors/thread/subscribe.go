package thread

import "recall/wire"

func (s *State) subscribe(p Peer) {
	if _, already := s.peers[p]; already {
		return
	}
	s.peers[p] = struct{}{}
	s.do(Watch{Peer: p})
}

func (s *State) unsubscribe(r Request) {
	if _, subscribed := s.peers[r.From]; subscribed {
		delete(s.peers, r.From)
		s.do(Unwatch{Peer: r.From})
	}
	s.reply(r, wire.OK{})
}

// resume subscribes and bridges the gap wholly or not at all (PROTOCOL.md,
// section 4). Without after_seq there is no gap to bridge.
func (s *State) resume(r Request, c *wire.ThreadSubscribe) {
	missed, recovered := s.missed(c)
	s.subscribe(r.From)
	s.reply(r, &wire.Subscribed{
		ThreadID:       s.id,
		Epoch:          s.thread.Epoch,
		Seq:            s.log.seq,
		Recovered:      recovered,
		ActiveRecallID: s.recalls.active(),
	})
	for _, f := range missed {
		s.do(Deliver{To: r.From, Delivery: Delivery{Frame: f}})
	}
}

func (s *State) missed(c *wire.ThreadSubscribe) (frames []*wire.Frame, recovered bool) {
	if c.AfterSeq == nil || c.Epoch != s.thread.Epoch {
		return nil, false
	}
	return s.history.after(*c.AfterSeq)
}
