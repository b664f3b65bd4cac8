package provider

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"recall/actors/provider/fault"
)

// bench drives a guard with a clock of its own.
type bench struct {
	*testing.T
	g      *guard
	now    time.Time
	lastID uint64
}

func newBench(t *testing.T, cfg Config) *bench {
	return &bench{T: t, now: time.Unix(1e9, 0),
		g: newGuard(cfg, func() time.Duration { return retryPause })}
}

func (b *bench) pass(d time.Duration) []effect {
	b.now = b.now.Add(d)
	return b.g.step(b.now, tick{})
}

func (b *bench) ask() (uint64, []effect) {
	b.lastID++
	return b.lastID, b.g.step(b.now, asked{b.lastID, b.now.Add(b.g.cfg.Timeout)})
}

func (b *bench) end(id uint64, f *fault.Fault) []effect {
	return b.g.step(b.now, ended{id: id, fault: f})
}

// begin asks for a call that must start.
func (b *bench) begin() uint64 {
	b.Helper()
	id, out := b.ask()
	if !starts(out, id) {
		b.Fatalf("call %d did not start: %v", id, out)
	}
	return id
}

// run makes a call with that end; a retry would be an error of the test.
func (b *bench) run(f *fault.Fault) {
	b.Helper()
	id := b.begin()
	if out := b.end(id, f); !finishes(out, id) {
		b.Fatalf("call %d did not end: %v", id, out)
	}
}

// refused asks for a call that must be refused with that word.
func (b *bench) refused(word string) *fault.Fault {
	b.Helper()
	id, out := b.ask()
	f := refusalOf(out, id)
	if f == nil || f.Word() != word {
		b.Fatalf("want a refusal %q, got %v", word, out)
	}
	return f
}

func (b *bench) state(want State) {
	b.Helper()
	if b.g.state != want {
		b.Fatalf("state %s, want %s", b.g.state, want)
	}
}

func starts(out []effect, id uint64) bool {
	for _, e := range out {
		if s, ok := e.(start); ok && s.id == id {
			return true
		}
	}
	return false
}

func finishes(out []effect, id uint64) bool {
	for _, e := range out {
		if f, ok := e.(finish); ok && f.id == id {
			return true
		}
	}
	return false
}

func refusalOf(out []effect, id uint64) *fault.Fault {
	for _, e := range out {
		if r, ok := e.(refuse); ok && r.id == id {
			return r.fault
		}
	}
	return nil
}

// down is a failure that is not tried again, so that breaker tests count attempts.
func down() *fault.Fault { return &fault.Fault{Class: fault.Unavailable, Final: true} }

func TestFiveFailuresInARowOpen(t *testing.T) {
	t.Parallel()
	for _, f := range []*fault.Fault{down(), {Class: fault.Timeout}} {
		b := newBench(t, Config{})
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

func opened(t *testing.T) *bench {
	b := newBench(t, Config{})
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
	b := newBench(t, Config{Timeout: 10 * time.Minute})
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
			b := newBench(t, Config{})
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
	b := newBench(t, Config{})
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
	b := newBench(t, Config{})
	b.run(&fault.Fault{Class: fault.Quota, Reason: "insufficient_quota"})
	b.refused("quota")
	b.pass(10*time.Minute - 1)
	b.refused("quota")
	b.pass(1)
	probe := b.begin()
	b.refused("quota") // one probe
	b.end(probe, &fault.Fault{Class: fault.Auth})
	b.state(Disabled)
	b.refused("auth")
	b.pass(10 * time.Minute)
	b.run(&fault.Fault{Class: fault.Canceled}) // proves nothing: the next may try
	b.run(down())                              // nothing of the key either, but it had its try
	b.refused("auth")
	b.pass(10 * time.Minute)
	b.run(nil)
	b.state(Closed)
	b.run(nil)
}

func TestTheGate(t *testing.T) {
	t.Parallel()
	b := newBench(t, Config{})
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

func TestPlacesAndTheQueue(t *testing.T) {
	t.Parallel()
	b := newBench(t, Config{AtOnce: 2, Waiting: 2})
	first, second := b.begin(), b.begin()
	third, out := b.ask()
	if starts(out, third) || refusalOf(out, third) != nil {
		t.Fatalf("the third is to wait: %v", out)
	}
	fourth, _ := b.ask()
	b.refused("busy")
	if out := b.end(first, nil); !starts(out, third) || starts(out, fourth) {
		t.Fatalf("the place goes to the third: %v", out)
	}
	b.pass(500*time.Millisecond - 1)
	if out := b.pass(1); refusalOf(out, fourth).Word() != "busy" {
		t.Fatalf("the fourth has waited long enough: %v", out)
	}
	fifth, _ := b.ask()
	sixth, _ := b.ask()
	if out := b.g.step(b.now, withdrawn{fifth}); !finishes(out, fifth) {
		t.Fatalf("who leaves the queue is gone: %v", out)
	}
	if out := b.end(second, nil); !starts(out, sixth) {
		t.Fatalf("%v", out)
	}
	if b.g.failures != 0 {
		t.Fatal("our own bound counted")
	}
}

func TestWhoWaitsIsRefusedWhenItOpens(t *testing.T) {
	t.Parallel()
	b := newBench(t, Config{AtOnce: 2})
	for range 4 {
		b.run(down())
	}
	first, _ := b.begin(), b.begin()
	last, _ := b.ask()
	if f := refusalOf(b.end(first, down()), last); f == nil || f.Word() != "breaker_open" {
		t.Fatalf("%v", f)
	}
	b.refused("breaker_open")
}

func TestWhoWaitsIsRefusedWhenTheGateShuts(t *testing.T) {
	t.Parallel()
	b := newBench(t, Config{AtOnce: 1})
	first := b.begin()
	last, _ := b.ask()
	out := b.end(first, &fault.Fault{Class: fault.Throttled, Wait: 3 * time.Second, Final: true})
	if f := refusalOf(out, last); f == nil || f.Word() != "throttled" || f.Wait != 3*time.Second {
		t.Fatalf("%v", f)
	}
}

func TestAnOverdueWorkerKeepsItsPlaceOnly(t *testing.T) {
	t.Parallel()
	b := newBench(t, Config{AtOnce: 1})
	id := b.begin()
	b.pass(10 * time.Second)
	out := b.pass(grace)
	if !finishes(out, id) || b.g.failures != 1 {
		t.Fatalf("%v, %d failures", out, b.g.failures)
	}
	next, out := b.ask()
	if starts(out, next) {
		t.Fatal("the place is taken")
	}
	if out := b.end(id, nil); finishes(out, id) || !starts(out, next) {
		t.Fatalf("%v", out)
	}
}
