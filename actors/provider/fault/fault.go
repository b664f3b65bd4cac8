// Package fault is what can go wrong with a call to an outside service, in the few
// classes that decide what happens next. A service that answers "no match" has
// worked: that is an empty result and no fault.
//
// It stands below the clients (which make faults) and the supervisors (which act on
// them), and imports neither.
package fault

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Class says what kind of fault it is (PROVIDERS.md, B0).
type Class string

// The classes.
const (
	BadInput    Class = "bad_input"   // what we sent: sending it again is of no use
	Auth        Class = "auth"        // our key is not accepted
	Quota       Class = "quota"       // the plan is used up
	Throttled   Class = "throttled"   // too fast: later it will do
	Unavailable Class = "unavailable" // the service or the way to it is broken
	Timeout     Class = "timeout"     // no answer in time
	Canceled    Class = "canceled"    // nobody wants the answer any more
)

// Breaks tells whether the class says that the service is down: only those count
// for its breaker.
func (c Class) Breaks() bool { return c == Unavailable || c == Timeout }

// Disables tells whether calling is of no use until somebody changes key or plan.
func (c Class) Disables() bool { return c == Auth || c == Quota }

// Fault is the failure of one call.
type Fault struct {
	Class Class
	// Reason is the word for `degraded` when it says more than the class; empty: the
	// class itself.
	Reason string
	// Wait is how long the service asks not to be called; 0: it does not say.
	Wait time.Duration
	// Short says that we waited so briefly that a timeout tells nothing of the service.
	Short bool
	// Final forbids a retry that the class would allow: pieces of the answer have
	// been told already, or the service said so.
	Final bool
	// Request is the service's own id of the call, for its support.
	Request string
	// Err has the details, for the log.
	Err error
}

// New makes a fault with details for the log.
func New(class Class, format string, args ...any) *Fault {
	return &Fault{Class: class, Err: fmt.Errorf(format, args...)}
}

// Error implements error.
func (f *Fault) Error() string {
	text := string(f.Class)
	if f.Reason != "" {
		text += " (" + f.Reason + ")"
	}
	if f.Err != nil {
		text += ": " + f.Err.Error()
	}
	if f.Request != "" {
		text += " [request " + f.Request + "]"
	}
	return text
}

// Unwrap gives the details.
func (f *Fault) Unwrap() error { return f.Err }

// Word is the reason as `degraded` names it.
func (f *Fault) Word() string {
	if f.Reason != "" {
		return f.Reason
	}
	return string(f.Class)
}

// Of is the fault in any error: what is not a fault yet broke on the way to the
// service. Nil for nil.
func Of(err error) *Fault {
	var f *Fault
	var late interface{ Timeout() bool }
	switch {
	case err == nil:
		return nil
	case errors.As(err, &f):
		return f
	case errors.Is(err, context.Canceled):
		return &Fault{Class: Canceled, Err: err}
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &late) && late.Timeout():
		return &Fault{Class: Timeout, Err: err}
	default:
		return &Fault{Class: Unavailable, Err: err}
	}
}
