package provider

import (
	"time"

	"recall/actors/provider/fault"
)

// The inputs of a guard.
type (
	// asked is a new call, whose context ends at the deadline.
	asked struct {
		id       uint64
		deadline time.Time
	}
	// ended is the end of an attempt.
	ended struct {
		id       uint64
		fault    *fault.Fault // nil: it was answered
		streamed bool         // pieces of the answer were told
		patience time.Time    // when the last caller leaves; zero: at the deadline
	}
	// withdrawn says that nobody waits for the call any more. A running attempt has
	// been cancelled and will end.
	withdrawn struct{ id uint64 }
	// tick says that a wanted time has come.
	tick struct{}
)

// effect is something that [guard.step] wants done.
type effect interface{ effect() }

// The effects. Each call that was asked meets exactly one refuse or finish.
type (
	// start an attempt: 1 or 2.
	start struct {
		id      uint64
		attempt int
	}
	// refuse a call that no attempt was made of.
	refuse struct {
		id    uint64
		fault *fault.Fault
	}
	// finish a call; fault is that of its last attempt.
	finish struct {
		id    uint64
		fault *fault.Fault
	}
	// wake the guard with a tick. It replaces the wake before.
	wake struct{ at time.Time }
	// changed tells of the breaker; why is the fault that did it, if one did.
	changed struct {
		from, to State
		why      *fault.Fault
	}
)

func (start) effect()   {}
func (refuse) effect()  {}
func (finish) effect()  {}
func (wake) effect()    {}
func (changed) effect() {}
