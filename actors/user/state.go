package user

import (
	"time"

	"recall/actors/grain"
	"recall/wire"
)

// The calls that a user's grain answers.
type (
	// Admit asks for a recall to be let in: [Decision].
	Admit struct{ Recall wire.Recall }
	// Release gives the slot back; with Refund the recall never counted. No answer.
	Release struct {
		RecallID wire.ID
		Refund   bool
	}
	// ShowLimits asks how the limits stand: [Standing].
	ShowLimits struct{}
	// List asks for a page of the user's threads: [Listing].
	List struct{ Command *wire.ThreadList }
	// ListChanged says that the thread list is out of date. No answer.
	ListChanged struct{}
)

// The answers. Each has an Err for the case that the grain cannot serve now.
type (
	// Decision on an [Admit]. Refused is a limit's word; Joins says that the
	// request_id was admitted before, as RecallID of ThreadID.
	Decision struct {
		RecallID wire.ID
		ThreadID wire.ID
		At       time.Time // when it counts from
		Joins    bool
		Refused  *wire.Error
		Err      error
	}
	// Standing answers [ShowLimits].
	Standing struct {
		Limits []wire.Limit
		Err    error
	}
	// Listing answers [List].
	Listing struct {
		Threads *wire.Threads
		Err     error
	}
)

// Accepted tells whether the recall was counted and holds a slot.
func (d Decision) Accepted() bool { return d.Err == nil && d.Refused == nil && !d.Joins }

// Call is a call with the address that its answer goes to.
type Call struct {
	From any
	Body any
}

// The results of effects.
type (
	// Rebuilt is the result of [Rebuild].
	Rebuilt struct {
		Log []wire.Admission
		Err error
	}
	// Listed is the result of [Read].
	Listed struct {
		Call    Call
		Threads *wire.Threads
		Err     error
	}
	// Idle says that nothing came in for [Config.Idle].
	Idle struct{}
)

// Effect is something that [State.Step] wants done.
type Effect interface{ effect() }

// The effects.
type (
	// Rebuild reads the recalls since a time: [Rebuilt].
	Rebuild struct{ Since time.Time }
	// Read reads a page of the thread list: [Listed].
	Read struct{ Call Call }
	// Answer sends an answer.
	Answer struct {
		To   any
		Body any
	}
	// Stop ends the activation.
	Stop struct{}
)

func (Rebuild) effect() {}
func (Read) effect()    {}
func (Answer) effect()  {}
func (Stop) effect()    {}

// maxParked bounds the calls that wait for the log to be read.
const maxParked = 256

// Lists keeps the first page of the thread list of every user of the process.
// Only a user's own grain reads and writes its entry.
type Lists interface {
	Get() (*wire.Threads, bool)
	Keep(*wire.Threads)
	Drop()
}

// State is one user. Its grain owns it; nobody else touches it.
type State struct {
	limits limits
	lists  Lists
	meter  grain.Meter
	ready  bool
	gone   bool // ends: the next activation is to be asked
	parked []Call
	now    time.Time
	out    []Effect

	reading []Call // wait for the first page that is being read
	dirty   bool   // the list changed while it was being read
}

// New is a user that has just woken.
func New(cfg Config, lists Lists) *State {
	cfg = cfg.withDefaults()
	return &State{limits: newLimits(cfg), lists: lists, meter: cfg.Meter}
}

// Start asks for the recalls of the last hour.
func (s *State) Start(now time.Time) []Effect {
	return []Effect{Rebuild{Since: now.Add(-time.Hour)}}
}

// Step takes one input at a time and returns what is to be done, in order.
func (s *State) Step(now time.Time, in any) []Effect {
	s.now, s.out = now, nil
	switch in := in.(type) {
	case Call:
		s.call(in)
	case Rebuilt:
		s.rebuilt(in)
	case Listed:
		s.listed(in)
	case Idle:
		s.idle()
	}
	return s.out
}

func (s *State) call(c Call) {
	if s.gone {
		s.answer(c, &grain.Moved{})
		return
	}
	if !s.ready {
		s.park(c)
		return
	}
	s.limits.forget(s.now)
	switch body := c.Body.(type) {
	case Admit:
		s.answer(c, s.admit(body.Recall))
	case Release:
		s.release(body)
	case ShowLimits:
		s.answer(c, Standing{Limits: s.limits.standing(s.now)})
	case List:
		s.list(c, body.Command)
	case ListChanged:
		s.lists.Drop()
		s.dirty = true
	}
}

func (s *State) park(c Call) {
	if len(s.parked) >= maxParked {
		s.fail(c, wire.Errorf(wire.CodeUnavailable, "too many requests wait for this user"))
		return
	}
	s.parked = append(s.parked, c)
}

// rebuilt opens the doors, or closes them until somebody asks again.
func (s *State) rebuilt(in Rebuilt) {
	parked := s.parked
	s.parked = nil
	if in.Err != nil {
		for _, c := range parked {
			s.fail(c, in.Err)
		}
		s.stop()
		return
	}
	s.ready = true
	s.limits.rebuild(s.now, in.Log)
	for _, c := range parked {
		s.call(c)
	}
}

func (s *State) admit(r wire.Recall) Decision {
	if a, known := s.limits.byRequest(r.RequestID); known {
		return Decision{RecallID: a.RecallID, ThreadID: a.ThreadID, At: a.AcceptedAt, Joins: a.RecallID != r.ID}
	}
	if refused := s.limits.refusal(s.now); refused != nil {
		s.meter.Refused(r.UserID, string(refused.Policy))
		return Decision{RecallID: r.ID, ThreadID: r.ThreadID, Refused: refused}
	}
	s.meter.Admitted(r.UserID)
	return Decision{RecallID: r.ID, ThreadID: r.ThreadID, At: s.limits.admit(s.now, r)}
}

func (s *State) release(r Release) {
	if r.Refund {
		s.limits.refund(r.RecallID)
		return
	}
	delete(s.limits.slots, r.RecallID)
}

// idle lets the grain go. A slot under way keeps it, since the table of recalls
// would give the slot back all the same but would have to be read again.
func (s *State) idle() {
	s.limits.forget(s.now)
	if !s.gone && len(s.parked) == 0 && len(s.reading) == 0 && len(s.limits.slots) == 0 {
		s.stop()
	}
}

// stop ends the activation. A change of the thread list that comes from here on
// finds nobody, so nothing may be kept that it would have dropped.
func (s *State) stop() {
	s.gone = true
	s.lists.Drop()
	s.do(Stop{})
}

func (s *State) do(e Effect) { s.out = append(s.out, e) }

func (s *State) answer(c Call, body any) {
	if c.From != nil {
		s.do(Answer{To: c.From, Body: body})
	}
}

// fail answers a call in its own form.
func (s *State) fail(c Call, err error) {
	switch c.Body.(type) {
	case Admit:
		s.answer(c, Decision{Err: err})
	case ShowLimits:
		s.answer(c, Standing{Err: err})
	case List:
		s.answer(c, Listing{Err: err})
	}
}
