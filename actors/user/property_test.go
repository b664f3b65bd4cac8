package user

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"recall/wire"
)

// model is the limits said in the plainest way: all recalls that were ever
// admitted, looked through from the beginning each time.
type model struct {
	cfg   Config
	all   []wire.Admission
	slots map[wire.ID]time.Time
}

func (m *model) within(now time.Time, window time.Duration) (times []time.Time) {
	for _, a := range m.all {
		if a.AcceptedAt.After(now.Add(-window)) {
			times = append(times, a.AcceptedAt)
		}
	}
	return times
}

func (m *model) taken(now time.Time) (n int) {
	for _, at := range m.slots {
		if at.After(now.Add(-m.cfg.HardCap)) {
			n++
		}
	}
	return n
}

func (m *model) admits(now time.Time) bool {
	return len(m.within(now, time.Minute)) < m.cfg.PerMinute && len(m.within(now, time.Hour)) < m.cfg.PerHour && m.taken(now) < m.cfg.AtOnce
}

func (m *model) admit(d Decision, n int) {
	m.all = append(m.all, wire.Admission{RecallID: d.RecallID, RequestID: id(1_000_000 + n), ThreadID: id(0), AcceptedAt: d.At})
	m.slots[d.RecallID] = d.At
}

func (m *model) end(recallID wire.ID) {
	delete(m.slots, recallID)
	for i := range m.all {
		if m.all[i].RecallID == recallID {
			m.all[i].Ended = true
		}
	}
}

func (m *model) refund(recallID wire.ID) {
	delete(m.slots, recallID)
	for i := range m.all {
		if m.all[i].RecallID == recallID {
			m.all = append(m.all[:i:i], m.all[i+1:]...)
			return
		}
	}
}

// table is what the database gives a grain that wakes.
func (m *model) table(now time.Time) (rows []wire.Admission) {
	for _, a := range m.all {
		if !a.AcceptedAt.Before(now.Add(-time.Hour)) {
			rows = append(rows, a)
		}
	}
	return rows
}

// The limits decide as the model does, to the millisecond, whatever happens; a
// log that is rebuilt in between decides the same.
func TestLimitsAgreeWithTheModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cfg := rapid.SampledFrom([]Config{{}, {AtOnce: 2}, {AtOnce: 1000}, {PerMinute: 3, PerHour: 7}}).Draw(t, "limits").withDefaults()
		m := &model{cfg: cfg, slots: map[wire.ID]time.Time{}}
		now, next := start, 0
		s := awake(cfg, now)
		pick := func() int { return rapid.IntRange(0, next).Draw(t, "recall") }
		t.Repeat(map[string]func(*rapid.T){
			"admit": func(t *rapid.T) {
				next++
				want := m.admits(now)
				d := admit(s, now, next)
				if d.Accepted() != want {
					t.Fatalf("admitted %v, the model says %v", d.Accepted(), want)
				}
				if want {
					m.admit(d, next)
					return
				}
				later := now.Add(time.Duration(d.Refused.RetryAfterMS) * ms)
				if p := d.Refused.Policy; p != wire.PolicyConcurrent && (len(m.within(later, time.Minute)) >= cfg.PerMinute || len(m.within(later, time.Hour)) >= cfg.PerHour) {
					t.Fatalf("obeying %d ms of %s is not enough", d.Refused.RetryAfterMS, p)
				}
			},
			"burst": func(t *rapid.T) { // as many as an hour takes
				if rapid.IntRange(0, 3).Draw(t, "dice") > 0 {
					return
				}
				m.all = m.table(now) // older ones count no more, and the model is slow
				for range rapid.IntRange(1, 110).Draw(t, "times") {
					next++
					now = now.Add(10 * time.Second)
					want := m.admits(now)
					if d := once(s, now, next); d.Accepted() != want {
						t.Fatalf("admitted %v, the model says %v", d.Accepted(), want)
					} else if want {
						m.admit(d, next)
						m.end(id(next))
					}
				}
			},
			"release": func(*rapid.T) { n := pick(); release(s, now, n); m.end(id(n)) },
			"refund":  func(*rapid.T) { n := pick(); refund(s, now, n); m.refund(id(n)) },
			"wait":    func(t *rapid.T) { now = now.Add(time.Duration(rapid.IntRange(0, 20_000).Draw(t, "ms")) * ms) },
			"wait to a boundary": func(t *rapid.T) {
				window := rapid.SampledFrom([]time.Duration{time.Minute, time.Hour, cfg.HardCap}).Draw(t, "window")
				off := time.Duration(rapid.IntRange(-1, 1).Draw(t, "off")) * ms
				if len(m.all) > 0 {
					if at := m.all[rapid.IntRange(0, len(m.all)-1).Draw(t, "of")].AcceptedAt.Add(window + off); at.After(now) {
						now = at
					}
				}
			},
			"rebuild": func(*rapid.T) { s = awake(cfg, now, m.table(now)...) },
			"": func(t *rapid.T) {
				for p, window := range map[wire.Policy]time.Duration{wire.PolicyMinute: time.Minute, wire.PolicyHour: time.Hour} {
					l, times := standing(s, now, p), m.within(now, window)
					var reset int64
					if len(times) > 0 {
						reset = wire.CeilMS(times[0].Add(window).Sub(now))
					}
					if l.Remaining != l.Limit-len(times) || l.ResetMS != reset {
						t.Fatalf("%+v, the model counts %d and %d ms", l, len(times), reset)
					}
				}
				if l := standing(s, now, wire.PolicyConcurrent); l.Remaining != cfg.AtOnce-m.taken(now) {
					t.Fatalf("%+v, the model counts %d", l, m.taken(now))
				}
			},
		})
	})
}

func BenchmarkAdmit(b *testing.B) {
	s := awake(Config{}, start)
	now := start
	for n := range 90 { // most of an hour's log
		now = now.Add(39 * time.Second)
		once(s, now, n)
	}
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		now = now.Add(39 * time.Second)
		once(s, now, n)
	}
}
