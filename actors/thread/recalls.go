package thread

import (
	"errors"

	"recall/wire"
)

// historyMessages is how far back a recall looks (RECALL.md, step 6).
const historyMessages = 20

// recalls are the thread's recalls from the first question to the terminal event.
type recalls struct {
	accepting map[wire.ID]*accepting // by request_id: being admitted and stored
	queue     []*run                 // stored; the first one runs
}

// accepting is a recall that is not stored yet, with all who asked for it.
type accepting struct {
	recall  wire.Recall
	waiting []Request
}

// run is an accepted recall.
type run struct {
	recall  wire.Recall
	message *wire.Posting    // nil when it was adopted after a crash
	started bool             // recall.started is in the log
	ended   bool             // the terminal event is in the log
	giveUp  bool             // the terminal event could not be stored as it was
	found   []wire.Candidate // offered so far, each in its last revision
}

func (r *recalls) any() bool { return len(r.queue)+len(r.accepting) > 0 }

func (r *recalls) active() wire.ID {
	if len(r.queue) == 0 {
		return wire.ID{}
	}
	return r.queue[0].recall.ID
}

func (r *recalls) find(recallID wire.ID) *run {
	for _, q := range r.queue {
		if q.recall.ID == recallID {
			return q
		}
	}
	return nil
}

func (r *recalls) byRequest(requestID wire.ID) *run {
	for _, q := range r.queue {
		if q.recall.RequestID == requestID {
			return q
		}
	}
	return nil
}

// startRecall joins the recall of the same request_id, or asks the user's limits
// for a new one.
func (s *State) startRecall(r Request, c *wire.StartRecall) {
	s.subscribe(r.From)
	if a, ok := s.recalls.accepting[c.RequestID]; ok {
		s.cfg.Meter.Coalesced("resolve_recall")
		a.waiting = append(a.waiting, r)
		return
	}
	if q := s.recalls.byRequest(c.RequestID); q != nil && q.message != nil {
		s.cfg.Meter.Coalesced("resolve_recall")
		s.accept([]Request{r}, q.recall, q.message)
		return
	}
	if c.Input.Kind != wire.InputText {
		s.refuse(r, wire.Errorf(wire.CodeUnsupportedMedia, "input.kind: this server takes text only"))
		return
	}
	if len(s.recalls.queue)+len(s.recalls.accepting) > s.cfg.Waiting {
		s.refuse(r, wire.Errorf(wire.CodeBusy, "%d recalls of this thread are waiting already", s.cfg.Waiting))
		return
	}
	recall := wire.Recall{
		ID: s.cfg.NewID(), ThreadID: s.id, UserID: s.owner, RequestID: c.RequestID, MessageID: s.cfg.NewID(), Input: c.Input,
	}
	s.recalls.accepting[c.RequestID] = &accepting{recall: recall, waiting: []Request{r}}
	s.do(Admit{Recall: recall})
}

// admitted goes on with the limits' decision.
func (s *State) admitted(in Admitted) {
	a, ok := s.recalls.accepting[in.Request]
	switch d := in.Decision; {
	case !ok || s.phase != ready:
		if in.Err == nil && d.Accepted() {
			s.do(Release{UserID: s.owner, RecallID: d.RecallID, Refund: true})
		}
	case in.Err != nil:
		s.drop(a, wire.AsError(in.Err))
	case d.Refused != nil:
		s.drop(a, d.Refused)
	case d.Joins:
		s.do(LookUp{UserID: s.owner, RequestID: in.Request})
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
		write: func(first int64) draft {
			message = s.question(a.recall, first)
			d := draft{
				events: []event{{a.recall.ID, &wire.MessageStored{Message: message}}},
				commit: &wire.Commit{Accepted: &a.recall, Postings: []*wire.Posting{message}},
			}
			return s.entitle(d, a.recall.Input.Query())
		},
		stall: func() { s.tell(a, unavailable()) },
		then: func(err error) {
			switch {
			case err == nil:
				s.begin(a, message)
			case errors.Is(err, wire.ErrDuplicate):
				s.do(Release{UserID: s.owner, RecallID: a.recall.ID, Refund: true})
				s.do(LookUp{UserID: s.owner, RequestID: a.recall.RequestID})
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
	s.enqueue(&run{recall: a.recall, message: message})
	s.startNext()
}

func (s *State) accept(rs []Request, recall wire.Recall, message *wire.Posting) {
	reply := &wire.RecallAccepted{RecallID: recall.ID, ThreadID: s.id, RequestID: recall.RequestID, Message: message}
	for _, r := range rs {
		s.do(Deliver{To: r.From, Frame: wire.Reply(r.ID, reply), Limits: true})
	}
}

// looked answers those who repeated a request_id that this activation does not
// know from its own queue.
func (s *State) looked(in Looked) {
	a, ok := s.recalls.accepting[in.Request]
	switch {
	case !ok:
	case in.Err != nil:
		s.drop(a, wire.AsError(in.Err))
	case in.Recall.ThreadID != s.id:
		s.drop(a, wire.Errorf(wire.CodeBadRequest, "request_id: was used for a recall in another thread"))
	default:
		delete(s.recalls.accepting, in.Request)
		s.accept(a.waiting, in.Recall, in.Message)
	}
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

// enqueue puts a recall at the end of the queue and starts its budget's clock.
func (s *State) enqueue(q *run) {
	s.recalls.queue = append(s.recalls.queue, q)
	s.do(Timer{RecallID: q.recall.ID, At: q.recall.AcceptedAt.Add(s.cfg.Budget)})
}

// startNext runs the first recall of the queue, with the messages before it.
func (s *State) startNext() {
	if len(s.recalls.queue) == 0 || s.recalls.queue[0].started {
		return
	}
	q := s.recalls.queue[0]
	s.announce(q)
	s.withNewest(func(p wire.Page, _ error) { // without the past is better than not at all
		if q.ended {
			return
		}
		s.do(Resolve{
			Recall:   q.recall,
			History:  before(p.Postings, q.recall.MessageID),
			Deadline: q.recall.AcceptedAt.Add(s.cfg.Budget),
		})
	})
}

func (s *State) announce(q *run) {
	q.started = true
	s.say(q.recall.ID, &wire.RecallStarted{RequestID: q.recall.RequestID, InputKind: q.recall.Input.Kind})
}

// before is the last messages ahead of the one asked with.
func before(postings []*wire.Posting, message wire.ID) []*wire.Posting {
	for i, p := range postings {
		if p.ID == message {
			postings = postings[:i]
			break
		}
	}
	if over := len(postings) - historyMessages; over > 0 {
		postings = postings[over:]
	}
	return postings
}

// progress publishes what the running recall has to say.
func (s *State) progress(in Progress) {
	q := s.recalls.find(in.RecallID)
	if q == nil || q.ended || s.phase != ready {
		return
	}
	if c, ok := in.Event.(*wire.RecallCandidate); ok {
		q.found = replace(q.found, c.Candidate)
	}
	s.say(in.RecallID, in.Event)
}

func replace(found []wire.Candidate, c wire.Candidate) []wire.Candidate {
	for i := range found {
		if found[i].Key == c.Key {
			found[i] = c
			return found
		}
	}
	return append(found, c)
}

// cancelRecall ends a recall by its user's wish. One that has ended already is
// no error: the wish is fulfilled.
func (s *State) cancelRecall(r Request, c *wire.CancelRecall) {
	s.reply(r, wire.OK{})
	if q := s.recalls.find(c.RecallID); q != nil {
		s.stopEarly(q, wire.RecallCancelled{})
	}
}

// due ends a recall whose budget has run out.
func (s *State) due(recallID wire.ID) {
	if q := s.recalls.find(recallID); q != nil {
		s.stopEarly(q, wire.RecallExpired{})
	}
}

// stopEarly ends a recall that waits or runs.
func (s *State) stopEarly(q *run, terminal wire.Event) {
	if q.ended {
		return
	}
	s.do(Abandon{RecallID: q.recall.ID})
	s.finish(q, terminal)
}
