package provider

import (
	"testing"
	"time"

	"recall/actors/provider/fault"
)

func TestPlacesAndTheQueue(t *testing.T) {
	t.Parallel()
	b := newRig(t, Config{AtOnce: 2, Waiting: 2})
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
	b := newRig(t, Config{AtOnce: 2})
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
	b := newRig(t, Config{AtOnce: 1})
	first := b.begin()
	last, _ := b.ask()
	out := b.end(first, &fault.Fault{Class: fault.Throttled, Wait: 3 * time.Second, Final: true})
	if f := refusalOf(out, last); f == nil || f.Word() != "throttled" || f.Wait != 3*time.Second {
		t.Fatalf("%v", f)
	}
}

func TestAnOverdueWorkerKeepsItsPlaceOnly(t *testing.T) {
	t.Parallel()
	b := newRig(t, Config{AtOnce: 1})
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

func TestAnOverdueCallThatNobodyWantsDoesNotCount(t *testing.T) {
	t.Parallel()
	b := newRig(t, Config{})
	id := b.begin()
	b.g.step(b.now, withdrawn{id})
	if out := b.pass(10*time.Second + grace); !finishes(out, id) || b.g.failures != 0 {
		t.Fatalf("%v, %d failures", out, b.g.failures)
	}
}

func TestAnOverdueCallThatOpensEndsRetriesOfTheSameMoment(t *testing.T) {
	t.Parallel()
	b := newRig(t, Config{Failures: 2})
	slow := b.begin()
	b.pass(10 * time.Second)
	pausing := b.begin()
	b.end(pausing, &fault.Fault{Class: fault.Unavailable})
	out := b.pass(2 * grace) // a tick that comes late: both are due
	if !finishes(out, slow) || !finishes(out, pausing) || starts(out, pausing) {
		t.Fatalf("%v", out)
	}
	b.state(Open)
}
