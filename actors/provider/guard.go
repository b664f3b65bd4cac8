package provider

import (
	"slices"
	"time"

	"recall/actors/provider/fault"
)

// phase is where a call stands.
type phase int

const (
	waiting phase = iota // in the queue
	running              // an attempt is under way
	pausing              // before its retry
	stuck                // told as timed out, but its worker has not come back
)

type call struct {
	id        uint64
	phase     phase
	attempt   int
	deadline  time.Time    // of the call
	due       time.Time    // of what comes next: end of the wait, retry, or deadline and grace
	epoch     int          // of the breaker when the attempt began
	withdrawn bool         // nobody waits for it
	fault     *fault.Fault // of the first attempt
	patience  time.Time    // how long somebody waits for the second
}

// guard decides about the calls of one service: breaker, gate, places, queue and
// retries. It is pure: inputs and the time in, effects out. The supervisor owns it.
//
// A call that pauses before its retry keeps its place. The pause is short, or behind
// a gate that lets nobody else in anyway; and a service that stumbles is the better
// for fewer calls meanwhile. In return a retry needs no second wait in the queue.
type guard struct {
	cfg   Config
	pause func() time.Duration // before a retry
	now   time.Time
	out   []effect

	calls  map[uint64]*call
	active []*call // hold a place
	queue  []*call // wait for one, in order
	wakeAt time.Time

	breaker
	notBefore time.Time // the gate
	budget    float64   // of retries
}

func newGuard(cfg Config, pause func() time.Duration) *guard {
	cfg = cfg.withDefaults()
	return &guard{cfg: cfg, pause: pause, calls: map[uint64]*call{}, breaker: breaker{state: Closed}, budget: maxBudget}
}

// step takes one input at a time and returns what is to be done, in order. The
// effects are good until the next step.
func (g *guard) step(now time.Time, in any) []effect {
	g.now, g.out = now, g.out[:0]
	g.advance()
	switch in := in.(type) {
	case asked:
		g.ask(in)
	case ended:
		g.end(in)
	case withdrawn:
		g.withdraw(in.id)
	case tick:
		g.wakeAt = time.Time{}
	}
	g.admit()
	g.plan()
	return g.out
}

func (g *guard) do(e effect) { g.out = append(g.out, e) }

// ask starts a call, queues it or refuses it.
func (g *guard) ask(in asked) {
	c := &call{id: in.id, deadline: in.deadline, patience: in.deadline}
	refusal := g.refusal()
	switch {
	case refusal != nil:
		g.do(refuse{c.id, refusal})
	case len(g.active) < g.cfg.AtOnce:
		g.begin(c)
	case g.state != Closed, len(g.queue) >= g.cfg.Waiting:
		g.do(refuse{c.id, busy()})
	default:
		g.calls[c.id] = c
		c.due = g.now.Add(g.cfg.MaxWait)
		g.queue = append(g.queue, c)
	}
}

// begin gives a call its place. While the breaker is not closed it is the trial.
func (g *guard) begin(c *call) {
	g.calls[c.id] = c
	g.active = append(g.active, c)
	g.budget = min(maxBudget, g.budget+max(0, g.cfg.RetryShare))
	g.tries(c.id)
	g.launch(c)
}

func (g *guard) launch(c *call) {
	c.attempt++
	c.phase, c.epoch, c.due = running, g.epoch, c.deadline.Add(grace)
	g.do(start{c.id, c.attempt})
}

// end judges an attempt, and the call unless it is tried again.
func (g *guard) end(in ended) {
	c := g.calls[in.id]
	switch {
	case c == nil:
	case c.phase == stuck:
		g.release(c)
	case c.phase == running:
		if !in.patience.IsZero() {
			c.patience = in.patience
		}
		g.judge(c, in.fault)
		if !g.retries(c, in) {
			g.conclude(c, in.fault)
		}
	}
}

func (g *guard) withdraw(id uint64) {
	c := g.calls[id]
	if c == nil {
		return
	}
	c.withdrawn = true
	switch c.phase {
	case waiting:
		g.queue = without(g.queue, c)
		g.conclude(c, left())
	case pausing:
		g.conclude(c, left())
	case running, stuck: // its end will come
	}
}

// conclude ends a call and gives its place back.
func (g *guard) conclude(c *call, f *fault.Fault) {
	g.release(c)
	g.do(finish{c.id, f})
}

func (g *guard) release(c *call) {
	delete(g.calls, c.id)
	g.active = without(g.active, c)
}

// admit gives free places to those who wait. Whatever else would refuse them has
// emptied the queue.
func (g *guard) admit() {
	for len(g.queue) > 0 && len(g.active) < g.cfg.AtOnce {
		c := g.queue[0]
		g.queue = slices.Delete(g.queue, 0, 1)
		g.begin(c)
	}
}

func without(calls []*call, c *call) []*call {
	if i := slices.Index(calls, c); i >= 0 {
		return slices.Delete(calls, i, i+1)
	}
	return calls
}
