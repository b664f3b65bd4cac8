package app

import (
	"slices"
	"time"

	"recall/actors/provider"
	double "recall/stress/emulator/services"
	"recall/wire"
)

// wantDegraded: the faulted service is named with its reason, and no other.
func (c faulted) wantDegraded(degraded []wire.Degraded) {
	bad := slices.DeleteFunc(c.tally.of(c.service), func(o string) bool { return o == "ok" })
	if len(bad) == 0 {
		if len(degraded) != 0 {
			c.Errorf("degraded by %+v, though every call succeeded", degraded)
		}
		return
	}
	if len(degraded) != 1 || degraded[0].Provider != c.service || !slices.Contains(words[double.Class(bad[0])], degraded[0].Reason) {
		c.Errorf("degraded by %+v, want %s: %s", degraded, c.service, bad[0])
	}
}

// wantStatus: breaker, gate and standing follow from the attempts as PROVIDERS.md, B0,
// has it.
func (c faulted) wantStatus(degraded []wire.Degraded) {
	attempts := c.tally.of(c.service)
	st, last := c.status(c.service), attempts[len(attempts)-1]
	if st.Failures != inARow(attempts) {
		c.Errorf("%d failures are counted after %v", st.Failures, attempts)
	}
	want := provider.Closed
	switch {
	case disables(last):
		want = provider.Disabled
		if st.OpenedAt.IsZero() || len(degraded) == 1 && st.Reason != degraded[0].Reason {
			c.Errorf("disabled for %q at %v, degraded %+v", st.Reason, st.OpenedAt, degraded)
		}
	case double.Class(last) == double.Throttled:
		want = provider.Throttled
		c.wantGate(st.NotBefore)
	}
	if st.State != want {
		c.Errorf("%s after %v, want %s", st.State, attempts, want)
	}
}

// wantGate: the pause is as long as was asked for, counted from the answer.
func (c faulted) wantGate(notBefore time.Time) {
	var last time.Time
	for _, call := range c.double.Log() {
		if call.Service == c.service {
			last = call.End
		}
	}
	wait, known := waits[c.fault.Name]
	got := notBefore.Sub(last)
	if c.fault.Name == "throttled_date" { // has no fractions of a second
		got = (got + time.Second - 1).Truncate(time.Second)
	}
	if !known || got != wait {
		c.Errorf("not before %v after the answer, want %v", got, wait)
	}
}

// wantOthersWell: a bad service hurts no other.
func (c faulted) wantOthersWell() {
	for _, s := range c.outside.all {
		if st := s.Status(); st.Running+st.Waiting != 0 || s.Name() != c.service && (st.State != provider.Closed || st.Failures != 0) {
			c.Errorf("%s: %+v", s.Name(), st)
		}
		for _, o := range c.tally.of(s.Name()) {
			if s.Name() != c.service && o != "ok" && o != "canceled" {
				c.Errorf("%s: %s", s.Name(), o)
			}
		}
	}
}

func (r *rig) status(service string) provider.Status {
	for _, s := range r.outside.all {
		if s.Name() == service {
			return s.Status()
		}
	}
	r.Fatalf("there is no %s", service)
	return provider.Status{}
}
