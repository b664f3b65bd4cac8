package provider

import (
	"testing"
	"time"

	"recall/actors/provider/fault"
)

// rig drives a guard with a clock of its own.
type rig struct {
	*testing.T
	g      *guard
	now    time.Time
	lastID uint64
}

func newRig(t *testing.T, cfg Config) *rig {
	return &rig{T: t, now: time.Unix(1e9, 0),
		g: newGuard(cfg, func() time.Duration { return retryPause })}
}

func (b *rig) pass(d time.Duration) []effect {
	b.now = b.now.Add(d)
	return b.g.step(b.now, tick{})
}

func (b *rig) ask() (uint64, []effect) {
	b.lastID++
	return b.lastID, b.g.step(b.now, asked{b.lastID, b.now.Add(b.g.cfg.Timeout)})
}

func (b *rig) end(id uint64, f *fault.Fault) []effect {
	return b.g.step(b.now, ended{id: id, fault: f})
}

// begin asks for a call that must start.
func (b *rig) begin() uint64 {
	b.Helper()
	id, out := b.ask()
	if !starts(out, id) {
		b.Fatalf("call %d did not start: %v", id, out)
	}
	return id
}

// run makes a call with that end; a retry would be an error of the test.
func (b *rig) run(f *fault.Fault) {
	b.Helper()
	id := b.begin()
	if out := b.end(id, f); !finishes(out, id) {
		b.Fatalf("call %d did not end: %v", id, out)
	}
}

// refused asks for a call that must be refused with that word.
func (b *rig) refused(word string) *fault.Fault {
	b.Helper()
	id, out := b.ask()
	f := refusalOf(out, id)
	if f == nil || f.Word() != word {
		b.Fatalf("want a refusal %q, got %v", word, out)
	}
	return f
}

func (b *rig) state(want State) {
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
