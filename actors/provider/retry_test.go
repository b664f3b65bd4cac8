package provider

import (
	"testing"
	"time"

	"recall/actors/provider/fault"
)

// stumble is a failure that may be tried again.
func stumble() *fault.Fault { return &fault.Fault{Class: fault.Unavailable} }

func TestOneRetryAfterAPause(t *testing.T) {
	t.Parallel()
	b := newRig(t, Config{})
	id := b.begin()
	if out := b.end(id, stumble()); finishes(out, id) || starts(out, id) {
		t.Fatalf("it is to pause: %v", out)
	}
	if out := b.pass(retryPause - 1); starts(out, id) {
		t.Fatal("too early")
	}
	if out := b.pass(1); !starts(out, id) {
		t.Fatalf("no retry: %v", out)
	}
	if out := b.end(id, stumble()); !finishes(out, id) {
		t.Fatalf("a second retry: %v", out)
	}
	if b.g.failures != 2 {
		t.Fatalf("%d failures of two attempts", b.g.failures)
	}
}

func TestARetryKeepsThePauseThatTheServiceWants(t *testing.T) {
	t.Parallel()
	b := newRig(t, Config{})
	id, other := b.begin(), b.begin()
	b.end(id, &fault.Fault{Class: fault.Throttled, Wait: 3 * time.Second})
	b.end(other, &fault.Fault{Class: fault.Throttled, Wait: 4 * time.Second, Final: true})
	if out := b.pass(3*time.Second + retryPause); starts(out, id) {
		t.Fatal("the gate is shut")
	}
	b.pass(time.Second - retryPause)
	if out := b.pass(retryPause); !starts(out, id) {
		t.Fatalf("no retry behind the gate: %v", out)
	}
}

func TestARetryBehindALongGateGivesUp(t *testing.T) {
	t.Parallel()
	b := newRig(t, Config{})
	id, other := b.begin(), b.begin()
	b.end(id, stumble())
	b.end(other, &fault.Fault{Class: fault.Throttled, Wait: 8 * time.Second, Final: true})
	if out := b.pass(retryPause); !finishes(out, id) {
		t.Fatalf("%v", out)
	}
}

func TestNoRetry(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]ended{
		"bad input":       {fault: &fault.Fault{Class: fault.BadInput}},
		"time-out":        {fault: &fault.Fault{Class: fault.Timeout}},
		"cancelled":       {fault: &fault.Fault{Class: fault.Canceled}},
		"key":             {fault: &fault.Fault{Class: fault.Auth}},
		"quota":           {fault: &fault.Fault{Class: fault.Quota}},
		"final":           {fault: down()},
		"pieces are told": {fault: stumble(), streamed: true},
		"pause too long":  {fault: &fault.Fault{Class: fault.Throttled, Wait: 8 * time.Second}},
		"callers go soon": {fault: stumble(), patience: time.Unix(1e9, 0).Add(2 * time.Second)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newRig(t, Config{})
			in.id = b.begin()
			if out := b.g.step(b.now, in); !finishes(out, in.id) {
				t.Fatalf("%v", out)
			}
		})
	}
}

func TestTheRetryBudget(t *testing.T) {
	t.Parallel()
	b := newRig(t, Config{Failures: 1000})
	retries := func(calls int) (n int) {
		for range calls {
			id := b.begin()
			if out := b.end(id, stumble()); finishes(out, id) {
				continue
			}
			n++
			b.pass(retryPause)
			b.end(id, stumble())
		}
		return n
	}
	if n := retries(10); n != 10 {
		t.Fatalf("%d retries of a full budget", n)
	}
	retries(100) // use up what is left
	if n := retries(200); n < 19 || n > 21 {
		t.Fatalf("%d retries of 200 calls", n)
	}
	b = newRig(t, Config{RetryShare: -1})
	if n := retries(3); n != 0 {
		t.Fatalf("%d retries where there are to be none", n)
	}
}

func TestRetriesEndWhenItOpens(t *testing.T) {
	t.Parallel()
	for _, last := range []*fault.Fault{down(), {Class: fault.Auth}} {
		b := newRig(t, Config{})
		pausing := b.begin()
		b.end(pausing, stumble())
		for range 3 {
			b.run(down())
		}
		id := b.begin()
		if out := b.end(id, last); !finishes(out, pausing) || len(b.g.active) != 0 {
			t.Fatalf("%v", out)
		}
	}
}

func TestWhoLeavesIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	b := newRig(t, Config{})
	running, pausing := b.begin(), b.begin()
	b.end(pausing, stumble())
	if out := b.g.step(b.now, withdrawn{pausing}); !finishes(out, pausing) {
		t.Fatalf("%v", out)
	}
	b.g.step(b.now, withdrawn{running})
	if out := b.end(running, stumble()); !finishes(out, running) {
		t.Fatalf("%v", out)
	}
}

func TestThePauseIsJittered(t *testing.T) {
	t.Parallel()
	seen := map[time.Duration]bool{}
	for range 100 {
		d := jittered()
		if d < retryPause/2 || d > retryPause*3/2 {
			t.Fatalf("%s", d)
		}
		seen[d] = true
	}
	if len(seen) < 2 {
		t.Fatal("always the same")
	}
}
