package user

import (
	"time"

	"go.opentelemetry.io/otel/trace"

	"recall/actors/grain"
	"recall/wire"
)

// maxParked bounds the calls that wait for the log to be read.
const maxParked = 256

// logPhase is how far the log of the last hour has been read.
type logPhase int

const (
	unread logPhase = iota // nobody has needed it
	rebuilding
	rebuilt
)

// State is one user. Its grain owns it; nobody else touches it.
type State struct {
	limits limits
	lists  Lists
	log    logPhase
	gone   bool // ends: the next activation is to be asked
	parked []Call
	now    time.Time
	out    []Effect

	loads       map[ListKey]*load // nil before the first
	uncoalesced uint64            // reads that none may join, so far
	rest        Pages             // of one that ends
}

// New is a user that has just woken. It reads the recalls of the last hour when a
// recall or the limits are asked for.
func New(cfg Config, lists Lists) *State {
	cfg = cfg.withDefaults()
	return newState(&cfg, lists)
}

// newState shares cfg, which has its defaults, with all other users.
func newState(cfg *Config, lists Lists) *State {
	return &State{limits: limits{cfg: cfg}, lists: lists}
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
	out := s.out
	s.out = nil // it holds who asked, and what was answered
	return out
}

func (s *State) call(c Call) {
	switch body := c.Body.(type) {
	case List:
		if !s.moved(c) {
			s.list(c, body)
		}
	case ListChanged:
		s.changed()
	default:
		if !s.moved(c) {
			s.limited(c)
		}
	}
}

// moved sends a call on when this activation has ended.
func (s *State) moved(c Call) bool {
	if s.gone {
		s.answer(c, &grain.Moved{})
	}
	return s.gone
}

// limited is a call that concerns the limits: it needs the log. A slot that comes back
// before anybody needed the log does not: the table says the same.
func (s *State) limited(c Call) {
	_, isRelease := c.Body.(Release)
	switch {
	case s.log == rebuilt:
		s.served(c)
	case s.log == unread && isRelease:
	case s.log == unread:
		s.log = rebuilding
		s.do(Rebuild{Since: s.now.Add(-time.Hour), Trace: traceOf(c)})
		s.park(c)
	default:
		s.park(c)
	}
}

func traceOf(c Call) trace.Span {
	if admit, ok := c.Body.(Admit); ok {
		return admit.Trace
	}
	return nil
}

func (s *State) served(c Call) {
	s.limits.forget(s.now)
	switch body := c.Body.(type) {
	case Admit:
		s.answer(c, s.admit(body.Recall))
	case Release:
		s.release(body)
	case ShowLimits:
		s.answer(c, Standing{Limits: s.limits.standing(s.now)})
		if body.Starting {
			s.prefetch("")
		}
	}
}

func (s *State) park(c Call) {
	if len(s.parked) >= maxParked {
		s.fail(c, wire.Errorf(wire.CodeUnavailable, "too many requests wait for this user"))
		return
	}
	s.parked = append(s.parked, c)
}

// rebuilt serves those who wait for the log. When it could not be read they are told;
// the next who needs it tries again.
func (s *State) rebuilt(in Rebuilt) {
	parked := s.parked
	s.parked = nil
	if in.Err != nil {
		s.log = unread
		for _, c := range parked {
			s.fail(c, in.Err)
		}
		return
	}
	s.log = rebuilt
	s.limits.rebuild(s.now, in.Log)
	for _, c := range parked {
		s.served(c)
	}
}

func (s *State) admit(r wire.Recall) Decision {
	if a, known := s.limits.byRequest(r.RequestID); known {
		return Decision{RecallID: a.RecallID, ThreadID: a.ThreadID, At: a.AcceptedAt, Joins: a.RecallID != r.ID}
	}
	if refused := s.limits.refusal(s.now); refused != nil {
		s.limits.cfg.Meter.Refused(r.UserID, string(refused.Policy))
		return Decision{RecallID: r.ID, ThreadID: r.ThreadID, Refused: refused}
	}
	s.limits.cfg.Meter.Admitted(r.UserID)
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
	if !s.gone && len(s.parked) == 0 && len(s.loads) == 0 && len(s.limits.slots) == 0 {
		s.stop()
	}
}

// stop ends the activation, which takes its pages along: while changes may still be on
// their way to it, nobody else is to find them. See the package's text.
func (s *State) stop() {
	s.gone = true
	s.rest, _ = s.lists.Get()
	s.lists.Drop()
	s.do(Stop{})
}

// Rest are the pages that an activation which has ended lays back, with what came
// after the end taken into account. There are none when it did not end by itself.
func (s *State) Rest() (Pages, bool) { return s.rest, len(s.rest.ByCursor) > 0 }

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
