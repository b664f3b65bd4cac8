package user

import (
	"cmp"
	"slices"
	"time"

	"recall/actors/grain"
	"recall/wire"
)

// Config holds the limits. The zero value of a field is replaced by its default.
type Config struct {
	PerMinute int           // admitted in any 60 s; default 10
	PerHour   int           // admitted in any 3600 s; default 100
	AtOnce    int           // under way at once; default 5
	HardCap   time.Duration // after it a slot comes back without a terminal event; default 90 s
	Idle      time.Duration // without calls and slots before the grain passivates; default 2 min
	Without   grain.Without // optimisations that are switched off; default: none
	Meter     grain.Meter   // counts lookups of the thread list; default: nobody counts
}

func (c Config) withDefaults() Config {
	c.PerMinute = cmp.Or(c.PerMinute, 10)
	c.PerHour = cmp.Or(c.PerHour, 100)
	c.AtOnce = cmp.Or(c.AtOnce, 5)
	c.HardCap = cmp.Or(c.HardCap, 90*time.Second)
	c.Idle = cmp.Or(c.Idle, 2*time.Minute)
	if c.Meter == nil {
		c.Meter = grain.NoMeter{}
	}
	return c
}

// concurrentHint is the wait suggested when every slot is taken: nobody knows
// when a recall ends, most take about this long.
const concurrentHint = time.Second

// limits is the exact sliding log of one user and its slots.
type limits struct {
	cfg   *Config
	log   []wire.Admission      // of the last hour, oldest first
	slots map[wire.ID]time.Time // recalls under way, by the time they were admitted; nil before the first
}

// rebuild takes the log over from the table of recalls.
func (l *limits) rebuild(now time.Time, log []wire.Admission) {
	l.log = log
	for _, a := range log {
		if !a.Ended {
			l.hold(a.RecallID, a.AcceptedAt)
		}
	}
	l.forget(now)
}

// forget drops what no window reaches any more and slots past the hard cap.
func (l *limits) forget(now time.Time) {
	for len(l.log) > 0 && !l.log[0].AcceptedAt.After(now.Add(-time.Hour)) {
		l.log = l.log[1:]
	}
	for id, at := range l.slots {
		if !at.After(now.Add(-l.cfg.HardCap)) {
			delete(l.slots, id)
		}
	}
}

// byRequest finds an admitted recall of the last hour.
func (l *limits) byRequest(requestID wire.ID) (wire.Admission, bool) {
	i := slices.IndexFunc(l.log, func(a wire.Admission) bool { return a.RequestID == requestID })
	if i < 0 {
		return wire.Admission{}, false
	}
	return l.log[i], true
}

// refusal names the limit that stands longest in the way, so that waiting it out
// suffices; nil when none does.
func (l *limits) refusal(now time.Time) *wire.Error {
	policy, wait := wire.Policy(""), time.Duration(0)
	consider := func(p wire.Policy, w time.Duration) {
		if w > wait {
			policy, wait = p, w
		}
	}
	if len(l.slots) >= l.cfg.AtOnce {
		consider(wire.PolicyConcurrent, concurrentHint)
	}
	consider(wire.PolicyMinute, l.wait(now, time.Minute, l.cfg.PerMinute))
	consider(wire.PolicyHour, l.wait(now, time.Hour, l.cfg.PerHour))
	if wait == 0 {
		return nil
	}
	return wire.RateLimited(policy, wait)
}

// wait is how long until fewer than most lie within window, 0 when they do now.
func (l *limits) wait(now time.Time, window time.Duration, most int) time.Duration {
	if len(l.log) < most {
		return 0
	}
	return max(0, l.log[len(l.log)-most].AcceptedAt.Add(window).Sub(now))
}

// admit counts a recall. Its time is rounded up to what the database keeps, so
// that the rebuilt log says the same and never less than the exact one.
func (l *limits) admit(now time.Time, r wire.Recall) time.Time {
	at := wire.At(now.Add(time.Millisecond - 1)).Time
	l.log = append(l.log, wire.Admission{RecallID: r.ID, RequestID: r.RequestID, ThreadID: r.ThreadID, AcceptedAt: at})
	l.hold(r.ID, at)
	return at
}

func (l *limits) hold(recallID wire.ID, at time.Time) {
	if l.slots == nil {
		l.slots = map[wire.ID]time.Time{}
	}
	l.slots[recallID] = at
}

// refund forgets a recall that came to nothing.
func (l *limits) refund(recallID wire.ID) {
	l.log = slices.DeleteFunc(l.log, func(a wire.Admission) bool { return a.RecallID == recallID })
	delete(l.slots, recallID)
}

// standing is how every policy stands.
func (l *limits) standing(now time.Time) []wire.Limit {
	return []wire.Limit{
		l.window(now, wire.PolicyMinute, time.Minute, l.cfg.PerMinute),
		l.window(now, wire.PolicyHour, time.Hour, l.cfg.PerHour),
		{Policy: wire.PolicyConcurrent, Limit: l.cfg.AtOnce, Remaining: max(0, l.cfg.AtOnce-len(l.slots))},
	}
}

func (l *limits) window(now time.Time, p wire.Policy, window time.Duration, most int) wire.Limit {
	i := len(l.log)
	for i > 0 && l.log[i-1].AcceptedAt.After(now.Add(-window)) {
		i--
	}
	lim := wire.Limit{Policy: p, Limit: most, WindowMS: window.Milliseconds(), Remaining: max(0, most-(len(l.log)-i))}
	if i < len(l.log) {
		i = max(i, len(l.log)-most) // a rebuilt log may hold more than the limit of today
		lim.ResetMS = wire.CeilMS(l.log[i].AcceptedAt.Add(window).Sub(now))
	}
	return lim
}
