package thread

import (
	"errors"
	"time"

	"go.opentelemetry.io/otel/trace"

	"recall/wire"
)

// This file is the way of a recall from the command to the store: the limits
// admit it, one commit keeps it, then it is accepted.

// accepting is a recall that is not stored yet, with all who asked for it.
type accepting struct {
	recall  wire.Recall
	waiting []Request
	asked   bool       // the user's limits are deciding
	earlier wire.ID    // admitted in this thread with the same request_id
	since   time.Time  // when the first one asked
	trace   trace.Span // of that one
}

// startRecall joins the recall of the same request_id, or asks the user's limits
// for a new one.
func (s *State) startRecall(r Request, c *wire.StartRecall) {
	s.subscribe(r.From)
	if a, ok := s.recalls.accepting[c.RequestID]; ok {
		s.joinAccepting(a, r)
		return
	}
	if q := s.recalls.byRequest(c.RequestID); q != nil {
		s.joinRun(q, r)
		return
	}
	switch {
	case r.Refusal != nil:
		s.shed(r)
	case s.recalls.count() > s.cfg.Waiting:
		s.refuse(r, wire.Errorf(wire.CodeBusy, "%d recalls of this thread are waiting already", s.cfg.Waiting))
	default:
		s.propose(r, c)
	}
}

// propose is a new recall on its way to the limits.
func (s *State) propose(r Request, c *wire.StartRecall) {
	a := &accepting{waiting: []Request{r}, since: s.now, trace: r.Trace}
	a.recall = wire.Recall{
		ID: s.cfg.NewID(), ThreadID: s.id, UserID: s.owner, RequestID: c.RequestID, MessageID: s.cfg.NewID(), Input: c.Input,
	}
	s.recalls.accepting[c.RequestID] = a
	if needsMedia(c.Input) {
		s.do(UseMedia{Recall: a.recall, Trace: a.trace})
		return
	}
	s.admit(a)
}

// shed refuses a new recall for want of room in the process. Whether an earlier one of its
// request_id has ended is not looked up: that would cost the database a query for each.
func (s *State) shed(r Request) {
	if r.Refusal.Reason != "" {
		s.cfg.Meter.Shed(r.Refusal.Reason)
	}
	s.refuse(r, r.Refusal.Error)
}

// joinAccepting waits along, unless the wait has no end in sight.
func (s *State) joinAccepting(a *accepting, r Request) {
	if s.log.stalled {
		s.refuse(r, wire.Unavailable())
		return
	}
	s.cfg.Meter.Coalesced("resolve_recall")
	a.waiting = append(a.waiting, r)
}

// joinRun answers with the recall that is under way. The message of one that was
// adopted after a crash has to be read.
func (s *State) joinRun(q *run, r Request) {
	s.cfg.Meter.Coalesced("resolve_recall")
	if q.message != nil {
		s.accept([]Request{r}, q.recall, q.message)
		return
	}
	s.recalls.accepting[q.recall.RequestID] = &accepting{recall: q.recall, waiting: []Request{r}, trace: r.Trace}
	s.do(LookUp{UserID: s.owner, RequestID: q.recall.RequestID, Trace: r.Trace})
}

func (s *State) admit(a *accepting) {
	a.asked = true
	s.do(Admit{Recall: a.recall, Trace: a.trace})
}

// admitted goes on with the limits' decision.
func (s *State) admitted(in Admitted) {
	a, ok := s.recalls.accepting[in.Request]
	if !ok || !a.asked || a.recall.ID != in.RecallID { // it was given up meanwhile
		if in.Err != nil || in.Decision.Accepted() {
			s.do(Release{UserID: s.owner, RecallID: in.RecallID, Refund: true})
		}
		return
	}
	a.asked = false
	switch d := in.Decision; {
	case in.Err != nil: // the answer was lost, perhaps not the question
		s.do(Release{UserID: s.owner, RecallID: a.recall.ID, Refund: true})
		s.drop(a, wire.AsError(in.Err))
	case d.Refused != nil:
		s.drop(a, d.Refused)
	case d.Joins:
		if d.ThreadID == s.id {
			a.earlier = d.RecallID
		}
		s.do(LookUp{UserID: s.owner, RequestID: in.Request, Trace: a.trace})
	default:
		a.recall.AcceptedAt = d.At
		s.store(a)
	}
}

// store writes the user's message and the recall's row in one commit. Whoever
// asked is told when it is there.
func (s *State) store(a *accepting) {
	var message *wire.Posting
	s.append(entry{
		trace: a.trace,
		write: func(first int64) draft {
			message = s.question(a.recall, first)
			d := draft{ // not an event of the recall, whose first one is recall.started
				events: []event{{body: &wire.MessageStored{Message: message}}},
				commit: &wire.Commit{Accepted: &a.recall, Postings: []*wire.Posting{message}},
			}
			return s.entitle(d, a.recall.Input.Query()) // a voice note has no words yet
		},
		stall: func() { s.tell(a, wire.Unavailable()) },
		then: func(err error) {
			switch {
			case err == nil:
				s.begin(a, message)
			case errors.Is(err, wire.ErrDuplicate):
				s.do(Release{UserID: s.owner, RecallID: a.recall.ID, Refund: true})
				s.do(LookUp{UserID: s.owner, RequestID: a.recall.RequestID, Trace: a.trace})
			case errors.Is(err, wire.ErrUnsure): // it may run elsewhere, and then it counts
				s.do(Release{UserID: s.owner, RecallID: a.recall.ID})
				s.drop(a, wire.Unavailable())
			default:
				s.do(Release{UserID: s.owner, RecallID: a.recall.ID, Refund: true})
				s.drop(a, wire.AsError(err))
			}
		},
	})
}

// begin queues a stored recall.
func (s *State) begin(a *accepting, message *wire.Posting) {
	delete(s.recalls.accepting, a.recall.RequestID)
	s.accept(a.waiting, a.recall, message)
	s.enqueue(&run{recall: a.recall, message: message, since: a.since, trace: a.trace})
	s.startNext()
}

func (s *State) accept(rs []Request, recall wire.Recall, message *wire.Posting) {
	reply := &wire.RecallAccepted{RecallID: recall.ID, ThreadID: s.id, RequestID: recall.RequestID, Message: message}
	for _, r := range rs {
		s.do(Deliver{To: r.From, Delivery: Delivery{
			Frame: wire.Reply(r.ID, reply), Token: r.Token, Limits: true, RecallID: recall.ID,
		}})
	}
}

// looked answers those who repeated a request_id that this activation does not
// know from its own queue.
func (s *State) looked(in Looked) {
	a, ok := s.recalls.accepting[in.Request]
	switch {
	case !ok:
	case in.Err != nil && wire.AsError(in.Err).Code == wire.CodeNotFound:
		s.lookedInVain(a)
	case in.Err != nil:
		s.drop(a, wire.AsError(in.Err))
	case in.Recall.ThreadID != s.id:
		s.drop(a, wire.Errorf(wire.CodeBadRequest, "request_id: was used for a recall in another thread"))
	default:
		delete(s.recalls.accepting, in.Request)
		s.do(ListChanged{UserID: s.owner}) // whoever stored it may never have learned that
		s.accept(a.waiting, in.Recall, in.Message)
	}
}

// lookedInVain goes on when the recall that holds the request_id is not stored.
// If it was this thread's, nobody will store it any more (a crash came between
// its admission and its commit), so that its place is free for this one. If it is
// another thread's, that one is about to.
func (s *State) lookedInVain(a *accepting) {
	if a.earlier.IsZero() {
		s.drop(a, wire.Unavailable())
		return
	}
	s.do(Release{UserID: s.owner, RecallID: a.earlier, Refund: true})
	a.earlier = wire.ID{}
	s.admit(a)
}

// tell answers those who wait; the recall itself may still come about.
func (s *State) tell(a *accepting, e *wire.Error) {
	s.refuseAll(a.waiting, e)
	a.waiting = nil
}

func (s *State) drop(a *accepting, e *wire.Error) {
	s.tell(a, e)
	delete(s.recalls.accepting, a.recall.RequestID)
}

// dropAll gives up what is not stored yet, with what the limits may have counted.
func (s *State) dropAll(e *wire.Error) {
	for _, a := range s.recalls.accepting {
		if a.asked {
			s.do(Release{UserID: s.owner, RecallID: a.recall.ID, Refund: true})
		}
		s.drop(a, e)
	}
}
