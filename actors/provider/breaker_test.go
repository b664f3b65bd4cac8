package provider

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"recall/actors/provider/fault"
)

func TestFiveFailuresInARowOpen(t *testing.T) {
	t.Parallel()
	for _, f := range []*fault.Fault{down(), {Class: fault.Timeout}} {
		b := newRig(t, Config{})
		for range 4 {
			b.run(f)
		}
		b.state(Closed)
		b.run(nil) // a success begins the count anew
		for range 4 {
			b.run(f)
		}
		b.state(Closed)
		b.run(f)
		b.state(Open)
	}
}

func opened(t *testing.T) *rig {
	b := newRig(t, Config{})
	for range 5 {
		b.run(down())
	}
	b.state(Open)
	return b
}

func TestAnOpenBreakerRefusesFor60Seconds(t *testing.T) {
	t.Parallel()
	b := opened(t)
	for s := range 60 {
		f := b.refused("breaker_open")
		if want := time.Duration(60-s) * time.Second; f.Wait != want || f.Class != fault.Unavailable {
			t.Fatalf("after %d s: %v wait %s", s, f, f.Wait)
		}
		b.pass(time.Second - 1)
		b.refused("breaker_open")
		b.pass(1)
	}
	b.state(HalfOpen)
	trial := b.begin()
	b.refused("breaker_open") // one trial only
	b.end(trial, nil)
	b.state(Closed)
	b.run(nil)
}

func TestAFailedTrialOpensAgain(t *testing.T) {
	t.Parallel()
	b := opened(t)
	b.pass(time.Minute)
	b.run(&fault.Fault{Class: fault.Timeout})
	b.state(Open)
	b.pass(time.Minute - 1)
	b.refused("breaker_open")
	b.pass(1)
	b.run(&fault.Fault{Class: fault.BadInput}) // it answered: that closes as well
	b.state(Closed)
}

func TestTheBreakerOpensOnTimeWithoutACall(t *testing.T) {
	t.Parallel()
	b := opened(t)
	b.now = b.now.Add(time.Minute)
	want := []effect{changed{Open, HalfOpen, nil}}
	if diff := cmp.Diff(want, b.g.step(b.now, tick{}), cmp.AllowUnexported(changed{})); diff != "" {
		t.Fatal(diff)
	}
}

func TestATrialThatProvesNothingLeavesItHalfOpen(t *testing.T) {
	t.Parallel()
	for _, f := range []*fault.Fault{{Class: fault.Canceled}, {Class: fault.Unavailable, Reason: Crashed, Final: true}} {
		b := opened(t)
		b.pass(time.Minute)
		b.run(f)
		b.state(HalfOpen)
		b.run(nil)
		b.state(Closed)
	}
}

func TestResultsFromBeforeItOpenedDoNotChangeIt(t *testing.T) {
	t.Parallel()
	b := newRig(t, Config{Timeout: 10 * time.Minute})
	old := []uint64{b.begin(), b.begin(), b.begin(), b.begin()}
	for range 5 {
		b.run(down())
	}
	b.end(old[0], nil)
	b.state(Open)
	b.pass(time.Minute)
	b.end(old[1], nil)
	b.end(old[2], down())
	b.state(HalfOpen)
	b.run(nil)
	b.end(old[3], down())
	if b.state(Closed); b.g.failures != 0 {
		t.Fatalf("%d failures of a time before", b.g.failures)
	}
}

// The faults that PROVIDERS.md (B0 and the tables of the services) says do not count.
func TestWhatIsNoOutageDoesNotCount(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]*fault.Fault{
		"413 that calls itself a server error":  fault.New(fault.BadInput, "maximum content size"),
		"no match, such as ACRCloud 1001":       nil,
		"throttled":                             {Class: fault.Throttled, Final: true, Wait: time.Millisecond},
		"cancelled":                             {Class: fault.Canceled},
		"crashed":                               {Class: fault.Unavailable, Reason: Crashed, Final: true},
		"insufficient_quota, 3003, plan of API": {Class: fault.Quota},
		"bad key":                               {Class: fault.Auth},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newRig(t, Config{})
			for range 20 {
				b.run(f)
				if f != nil && f.Class.Disables() {
					b.state(Disabled)
					b.refused(string(f.Class))
					b.pass(10 * time.Minute)
				} else {
					b.state(Closed)
					b.pass(time.Second)
				}
			}
			if b.g.failures != 0 {
				t.Fatalf("%d failures", b.g.failures)
			}
		})
	}
}

func TestCancellationsAndCrashesDoNotResetTheCount(t *testing.T) {
	t.Parallel()
	b := newRig(t, Config{})
	for range 4 {
		b.run(down())
		b.run(&fault.Fault{Class: fault.Canceled})
		b.run(&fault.Fault{Class: fault.Unavailable, Reason: Crashed, Final: true})
	}
	b.state(Closed)
	b.run(down())
	b.state(Open)
}

func TestDisabledLetsAProbeThrough(t *testing.T) {
	t.Parallel()
	b := newRig(t, Config{})
	b.run(&fault.Fault{Class: fault.Auth, Reason: "config"})
	b.refused("config") // whoever comes later is told the same as the first
	b.pass(10*time.Minute - 1)
	b.refused("config")
	b.pass(1)
	probe := b.begin()
	b.refused("config") // one probe
	b.end(probe, &fault.Fault{Class: fault.Quota})
	b.state(Disabled)
	b.refused("quota")
	b.pass(10 * time.Minute)
	b.run(&fault.Fault{Class: fault.Canceled}) // proves nothing: the next may try
	b.run(down())                              // nothing of the key either, but it had its try
	b.refused("quota")
	b.pass(10 * time.Minute)
	b.run(nil)
	b.state(Closed)
	b.run(nil)
}

func TestTheGate(t *testing.T) {
	t.Parallel()
	b := newRig(t, Config{})
	long, short, unsaid := b.begin(), b.begin(), b.begin()
	b.end(long, &fault.Fault{Class: fault.Throttled, Wait: 20 * time.Second, Final: true})
	b.end(short, &fault.Fault{Class: fault.Throttled, Wait: 12 * time.Millisecond, Final: true})
	b.end(unsaid, &fault.Fault{Class: fault.Throttled, Final: true})
	if f := b.refused("throttled"); f.Wait != 20*time.Second {
		t.Fatalf("a shorter wait took over: %s", f.Wait)
	}
	b.pass(20*time.Second - 1)
	if f := b.refused("throttled"); f.Wait != 1 {
		t.Fatalf("wait %s", f.Wait)
	}
	b.pass(1)
	b.run(&fault.Fault{Class: fault.Throttled, Final: true})
	if f := b.refused("throttled"); f.Wait != time.Second {
		t.Fatalf("without a word it is 1 s, not %s", f.Wait)
	}
}
