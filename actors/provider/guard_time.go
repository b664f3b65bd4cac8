package provider

import (
	"slices"
	"time"

	"recall/actors/provider/fault"
)

// advance does what the time has brought. Nothing is due before the wake that was
// asked for, so that most steps need not look at the hundreds of calls under way.
func (g *guard) advance() {
	if g.now.Before(g.wakeAt) {
		return
	}
	if g.state == Open && !g.now.Before(g.until) {
		g.move(HalfOpen, nil)
	}
	for len(g.queue) > 0 && !g.now.Before(g.queue[0].due) {
		g.refuseFirst(busy())
	}
	for _, c := range slices.Clone(g.active) {
		if g.now.Before(c.due) {
			continue
		}
		switch {
		case g.calls[c.id] != c: // ended with the one before
		case c.phase == running:
			g.overdue(c)
		case c.phase == pausing:
			g.resume(c)
		}
	}
}

// overdue ends a call whose worker does not heed its context. The worker's place
// stays taken until it comes back: it is truly busy with the service.
func (g *guard) overdue(c *call) {
	f := fault.New(fault.Timeout, "the call did not end with its context")
	if c.withdrawn {
		f = left()
	}
	c.phase = stuck
	g.judge(c, f)
	g.do(finish{c.id, f})
}

// plan asks to be woken for what comes next. A wake that comes too early costs one
// tick, which is less than a timer that moves with every call.
func (g *guard) plan() {
	next := g.next()
	if next.IsZero() || !g.wakeAt.IsZero() && !next.Before(g.wakeAt) {
		return
	}
	g.wakeAt = next
	g.do(wake{next})
}

func (g *guard) next() (at time.Time) {
	if g.state == Open {
		at = g.until
	}
	if len(g.queue) > 0 {
		at = earlier(at, g.queue[0].due)
	}
	for _, c := range g.active {
		if c.phase != stuck {
			at = earlier(at, c.due)
		}
	}
	return at
}

// earlier of two times; zero is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
