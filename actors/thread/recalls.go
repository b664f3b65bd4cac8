package thread

import (
	"time"

	"go.opentelemetry.io/otel/trace"

	"recall/actors/recall"
	"recall/wire"
)

// historyMessages is how far back a recall looks (RECALL.md, step 6).
const historyMessages = 20

// recalls are the thread's recalls from the first question to the terminal event.
type recalls struct {
	accepting map[wire.ID]*accepting // by request_id: being admitted and stored
	queue     []*run                 // stored; the first one runs
}

// run is an accepted recall.
type run struct {
	recall   wire.Recall
	message  *wire.Posting     // nil when it was adopted after a crash
	started  bool              // recall.started is in the log
	told     bool              // recall.started was published
	ended    bool              // the terminal event is in the log
	terminal wire.Event        // once ended
	giveUp   bool              // the terminal event could not be stored as it was
	found    []*wire.Candidate // offered so far, each in its last revision
	heard    string            // the words in the voice note or picture
	since    time.Time         // when its question came
	trace    trace.Span        // of the command that began it
}

func (r *recalls) any() bool { return r.count() > 0 }

// count is how many are being accepted, wait or run.
func (r *recalls) count() int { return len(r.queue) + len(r.accepting) }

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
	s.withNewest(q.trace, func(p wire.Page, _ error) { // without the past is better than not at all
		if q.ended || s.phase != ready {
			return
		}
		if q.message == nil { // adopted after a crash
			q.message = find(p.Postings, q.recall.MessageID)
		}
		s.do(Resolve{
			Recall:   q.recall,
			History:  before(p.Postings, q.recall.MessageID),
			Deadline: q.recall.AcceptedAt.Add(s.cfg.Budget),
			Trace:    q.trace,
		})
	})
}

func (s *State) announce(q *run) {
	q.started = true
	s.append(entry{write: func(int64) draft {
		q.told = true
		return draft{events: []event{started(q)}}
	}})
}

func started(q *run) event {
	return event{q.recall.ID, &wire.RecallStarted{RequestID: q.recall.RequestID, InputKind: q.recall.Input.Kind}}
}

func find(postings []*wire.Posting, id wire.ID) *wire.Posting {
	for _, p := range postings {
		if p.ID == id {
			return p
		}
	}
	return nil
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
	switch e := in.Event.(type) {
	case *recall.Heard:
		q.hear(e)
		return
	case *wire.RecallCandidate:
		q.offered(&e.Candidate)
	}
	s.say(in.RecallID, in.Event)
}

// offered keeps a candidate in its last revision.
func (q *run) offered(c *wire.Candidate) {
	for i, earlier := range q.found {
		if earlier.Key == c.Key {
			q.found[i] = c
			return
		}
	}
	q.found = append(q.found, c)
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
