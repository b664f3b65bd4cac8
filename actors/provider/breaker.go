package provider

import (
	"slices"
	"time"

	"recall/actors/provider/fault"
)

// State is how a service stands.
type State string

// The states of a breaker.
const (
	Closed   State = "closed"    // calls go through
	Open     State = "open"      // failures in a row: every call is refused
	HalfOpen State = "half_open" // one call goes through, to see
	Disabled State = "disabled"  // key or plan are refused: only a rare probe goes through
)

// The reasons of our own refusals and failures ([fault.Fault.Reason]).
const (
	BreakerOpen = "breaker_open"
	Busy        = "busy"
	Crashed     = "crashed"
	Stopped     = "stopped"
)

// breaker is the part of the guard that knows how the service stands. An attempt has
// a say only in the epoch in which it began: what was under way when the breaker
// opened tells of the time before.
type breaker struct {
	state    State
	epoch    int // counts the changes
	failures int // in a row
	openedAt time.Time
	until    time.Time    // open: its end. Disabled: the next probe
	trial    uint64       // the one call that is let through; 0: none
	why      *fault.Fault // what opened or disabled it
}

// verdict is what the end of an attempt says of the service.
type verdict int

const (
	silent   verdict = iota // nothing
	answers                 // it works, whatever it answered
	breaks                  // it is down
	disables                // it works, but not for us
)

func verdictOf(f *fault.Fault) verdict {
	switch {
	case f == nil:
		return answers
	case f.Class == fault.Canceled, f.Reason == Crashed, f.Short:
		return silent
	case f.Class.Breaks():
		return breaks
	case f.Class.Disables():
		return disables
	default:
		return answers
	}
}

// judge lets the end of an attempt act on gate and breaker.
func (g *guard) judge(c *call, f *fault.Fault) {
	if f != nil && f.Class == fault.Throttled {
		g.shut(f)
	}
	if g.trial == c.id {
		g.trial = 0
	}
	if c.epoch != g.epoch {
		return
	}
	switch verdictOf(f) {
	case silent:
		g.proved()
	case answers:
		g.failures = 0
		if g.state != Closed {
			g.move(Closed, f)
		}
	case breaks:
		g.broke(f)
	case disables:
		g.disable(f)
	}
}

// proved nothing: the next call may try instead.
func (g *guard) proved() {
	if g.state == Disabled {
		g.until = g.now
	}
}

// broke counts a failure. The count of an open breaker stays, so that one failed trial
// opens it again. A probe of a disabled service that fails so proves nothing of key and
// plan, and the next one has its own time.
func (g *guard) broke(f *fault.Fault) {
	if g.state == Disabled {
		return
	}
	g.failures++
	if g.failures >= g.cfg.Failures {
		g.until = g.now.Add(g.cfg.Open)
		g.move(Open, f)
	}
}

func (g *guard) disable(f *fault.Fault) {
	g.failures, g.why = 0, f
	g.until = g.now.Add(g.cfg.Probe)
	if g.state != Disabled {
		g.move(Disabled, f)
	}
}

// move changes the state. Who waits for a place or a retry is let go at once when
// the new state has no use for it.
func (g *guard) move(to State, f *fault.Fault) {
	g.do(changed{g.state, to, f})
	g.state, g.trial = to, 0
	g.epoch++
	switch to {
	case Open, Disabled:
		g.openedAt, g.why = g.now, f
		g.turnAway()
		g.giveUpRetries()
	case Closed:
		g.openedAt, g.until, g.why = time.Time{}, time.Time{}, nil
	default: // half open: who waits was sent away when it opened
	}
}

// tries notes the one call that is let through while the breaker is not closed.
func (g *guard) tries(id uint64) {
	if g.state == Closed {
		return
	}
	g.trial = id
	if g.state == Disabled {
		g.until = g.now.Add(g.cfg.Probe)
	}
}

// shut closes the gate for as long as the service asks, and never earlier than it
// would have opened anyway.
func (g *guard) shut(f *fault.Fault) {
	g.notBefore = later(g.notBefore, g.now.Add(or(max(0, f.Wait), g.cfg.DefaultWait)))
	g.turnAway()
}

// turnAway refuses all who wait for a place.
func (g *guard) turnAway() {
	for len(g.queue) > 0 {
		g.refuseFirst(g.refusal())
	}
}

func (g *guard) refuseFirst(f *fault.Fault) {
	c := g.queue[0]
	g.queue = slices.Delete(g.queue, 0, 1)
	delete(g.calls, c.id)
	g.do(refuse{c.id, f})
}
