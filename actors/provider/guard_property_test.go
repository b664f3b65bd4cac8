package provider

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"recall/actors/provider/fault"
)

// TestGuardKeepsItsPromises plays random inputs against a guard and checks what it
// does with a model that knows only inputs and effects.
func TestGuardKeepsItsPromises(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	for round := range uint64(20) {
		m := newModel(t, rand.New(rand.NewPCG(seed, round)))
		for range 5_000 {
			m.random()
		}
		m.finish()
	}
}

func upTo(rnd *rand.Rand, d time.Duration) time.Duration { return time.Duration(rnd.Int64N(int64(d))) }

// fate is what the model knows of a call.
type fate struct {
	asked     time.Time
	deadline  time.Time
	attempts  int
	running   bool // an attempt of it has not ended
	last      ended
	withdrawn bool
	over      bool
}

type model struct {
	*testing.T
	rnd       *rand.Rand
	g         *guard
	cfg       Config
	now       time.Time
	wake      time.Time
	state     State
	opened    time.Time
	notBefore time.Time
	trials    map[uint64]bool // attempts under way that began since the last change
	calls     map[uint64]*fate
	live      []uint64 // those that are not over, or have an attempt under way
	lastID    uint64
}

func newModel(t *testing.T, rnd *rand.Rand) *model {
	cfg := Config{
		AtOnce: 1 + rnd.IntN(6), Waiting: rnd.IntN(6) - 1, Failures: 1 + rnd.IntN(6),
		Probe: time.Duration(1+rnd.IntN(12)) * time.Second, Open: time.Duration(1+rnd.IntN(12)) * time.Second,
	}.withDefaults()
	pause := func() time.Duration { return retryPause/2 + upTo(rnd, retryPause) }
	return &model{
		T: t, rnd: rnd, cfg: cfg, g: newGuard(cfg, pause), now: time.Unix(1e9, 0), state: Closed,
		trials: map[uint64]bool{}, calls: map[uint64]*fate{},
	}
}

// random does one thing that may happen.
func (m *model) random() {
	switch m.rnd.IntN(10) {
	case 0, 1, 2, 3:
		m.ask()
	case 4, 5, 6, 7:
		m.endOne()
	case 8:
		if len(m.live) > 0 {
			id := m.live[m.rnd.IntN(len(m.live))]
			if !m.calls[id].over {
				m.calls[id].withdrawn = true
				m.step(withdrawn{id})
			}
		}
	default:
		m.pass(time.Duration(m.rnd.Int64N(int64(time.Second)) << m.rnd.IntN(5)))
	}
}

func (m *model) ask() {
	m.lastID++
	m.calls[m.lastID] = &fate{asked: m.now, deadline: m.now.Add(upTo(m.rnd, m.cfg.Timeout) + 1)}
	m.live = append(m.live, m.lastID)
	m.step(asked{m.lastID, m.calls[m.lastID].deadline})
	if m.state == Open && m.calls[m.lastID] != nil {
		m.Fatalf("call %d was not refused at once", m.lastID)
	}
}

// endOne lets an attempt end, or a message about something long gone come late.
func (m *model) endOne() {
	if m.rnd.IntN(20) == 0 {
		m.step(ended{id: m.lastID + 1, fault: m.fault()})
		return
	}
	for _, i := range m.rnd.Perm(len(m.live)) {
		if id := m.live[i]; m.calls[id].running {
			m.endWith(id, m.fault())
			return
		}
	}
}

func (m *model) endWith(id uint64, f *fault.Fault) {
	c := m.calls[id]
	in := ended{id: id, fault: f, streamed: m.rnd.IntN(8) == 0}
	c.running, c.last = false, in
	delete(m.trials, id)
	if f != nil && f.Class == fault.Throttled && !c.over {
		m.notBefore = later(m.notBefore, m.now.Add(or(f.Wait, m.cfg.DefaultWait)))
	}
	m.step(in)
}

func (m *model) fault() *fault.Fault {
	if m.rnd.IntN(3) == 0 {
		return nil
	}
	classes := []fault.Class{fault.BadInput, fault.Throttled, fault.Unavailable, fault.Unavailable,
		fault.Unavailable, fault.Timeout, fault.Timeout, fault.Canceled}
	if m.rnd.IntN(30) == 0 {
		classes = []fault.Class{fault.Auth, fault.Quota}
	}
	f := &fault.Fault{Class: classes[m.rnd.IntN(len(classes))], Final: m.rnd.IntN(5) == 0}
	if m.rnd.IntN(2) == 0 {
		f.Wait = upTo(m.rnd, 3*time.Second)
	}
	if f.Class == fault.Unavailable && m.rnd.IntN(10) == 0 {
		f.Reason, f.Final = Crashed, true
	}
	return f
}

// pass lets time go by, with the wakes that the guard asked for.
func (m *model) pass(d time.Duration) {
	until := m.now.Add(d)
	for !m.wake.IsZero() && !m.wake.After(until) {
		m.now, m.wake = later(m.now, m.wake), time.Time{}
		m.step(tick{})
	}
	m.now = until
	for id, c := range m.calls {
		if !c.over && m.now.After(c.deadline.Add(grace)) {
			m.Fatalf("call %d has no end %s after its deadline", id, m.now.Sub(c.deadline))
		}
	}
}

func (m *model) step(in any) {
	for _, e := range m.g.step(m.now, in) {
		switch e := e.(type) {
		case start:
			m.started(e)
		case refuse:
			m.refused(e)
		case finish:
			m.over(e.id)
		case wake:
			m.wake = e.at
		case changed:
			m.changed(e)
		}
	}
	m.check()
}

func (m *model) started(e start) {
	c := m.calls[e.id]
	c.attempts++
	switch {
	case c.over, c.running, c.withdrawn, c.attempts > 2, c.attempts != e.attempt:
		m.Fatalf("attempt %d of call %d: %+v", e.attempt, e.id, c)
	case m.state == Open:
		m.Fatalf("call %d started behind an open breaker", e.id)
	case m.now.Before(m.notBefore):
		m.Fatalf("call %d started behind the gate", e.id)
	case e.attempt == 2:
		f := c.last.fault
		if c.last.streamed || f.Final || f.Class != fault.Unavailable && f.Class != fault.Throttled || m.state != Closed {
			m.Fatalf("call %d was retried after %v", e.id, f)
		}
	}
	c.running, m.trials[e.id] = true, true
}

func (m *model) refused(e refuse) {
	c := m.calls[e.id]
	if c.attempts > 0 || e.fault == nil || !e.fault.Final {
		m.Fatalf("refusal %v of call %d: %+v", e.fault, e.id, c)
	}
	if m.now.Sub(c.asked) > m.cfg.MaxWait {
		m.Fatalf("call %d waited %s", e.id, m.now.Sub(c.asked))
	}
	m.over(e.id)
}

func (m *model) over(id uint64) {
	c := m.calls[id]
	if c.over {
		m.Fatalf("call %d ended twice", id)
	}
	c.over = true
	delete(m.trials, id) // a worker that does not come back tries nothing any more
}

func (m *model) changed(e changed) {
	may := map[State][]State{
		Closed: {Open, Disabled}, Open: {HalfOpen}, HalfOpen: {Closed, Open, Disabled}, Disabled: {Closed},
	}
	if e.from != m.state || !slices.Contains(may[e.from], e.to) {
		m.Fatalf("%s became %s in state %s", e.from, e.to, m.state)
	}
	if e.to == HalfOpen && m.now.Sub(m.opened) < m.cfg.Open {
		m.Fatalf("open for %s only", m.now.Sub(m.opened))
	}
	if e.to == Open {
		m.opened = m.now
	}
	m.state = e.to
	clear(m.trials)
}

// check compares places with attempts under way.
func (m *model) check() {
	running := 0
	m.live = slices.DeleteFunc(m.live, func(id uint64) bool {
		c := m.calls[id]
		if c.running {
			running++
		}
		if c.over && !c.running {
			delete(m.calls, id)
			return true
		}
		return false
	})
	if running > len(m.g.active) || len(m.g.active) > m.cfg.AtOnce || len(m.g.queue) > max(0, m.cfg.Waiting) {
		m.Fatalf("%d running, %d places, %d waiting", running, len(m.g.active), len(m.g.queue))
	}
	if m.state != Closed && len(m.trials) > 1 {
		m.Fatalf("%d trials at once", len(m.trials))
	}
}

// finish lets everything end: then no place may be taken.
func (m *model) finish() {
	for _, id := range slices.Clone(m.live) {
		if c := m.calls[id]; c != nil && c.running {
			m.endWith(id, nil)
		}
	}
	m.pass(time.Minute)
	for _, id := range slices.Clone(m.live) { // retries and those that waited
		m.endWith(id, nil)
	}
	if n := len(m.g.calls) + len(m.g.active) + len(m.g.queue) + len(m.calls); n != 0 {
		m.Fatalf("%d calls are left", n)
	}
}
