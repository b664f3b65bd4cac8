package provider

import (
	"errors"

	"recall/actors/provider/fault"
)

// refusal is why no call may start now; nil when one may. A refusal is final: what is
// refused at once is of no use to whoever asks again.
func (g *guard) refusal() *fault.Fault {
	switch {
	case g.state == Disabled && (g.trial != 0 || g.now.Before(g.until)):
		return &fault.Fault{Class: g.why.Class, Reason: g.why.Reason, Final: true, Err: errDisabled}
	case g.state == Open, g.state == HalfOpen && g.trial != 0:
		return &fault.Fault{Class: fault.Unavailable, Reason: BreakerOpen, Wait: max(0, g.until.Sub(g.now)), Final: true, Err: errOpen}
	case g.now.Before(g.notBefore):
		return &fault.Fault{Class: fault.Throttled, Wait: g.notBefore.Sub(g.now), Final: true, Err: errGate}
	}
	return nil
}

// The details of refusals, for the log.
var (
	errOpen     = errors.New("not called: it failed too often just now")
	errDisabled = errors.New("not called: it refuses our key or plan")
	errGate     = errors.New("not called: it asked for a pause")
	errBusy     = errors.New("not called: too many calls are under way")
	errLeft     = errors.New("nobody waits for the answer")
	errLate     = errors.New("nobody can wait longer")
	errStopped  = errors.New("the server stops")
)

// busy is the refusal of our own bound. It never counts against the service.
func busy() *fault.Fault {
	return &fault.Fault{Class: fault.Throttled, Reason: Busy, Final: true, Err: errBusy}
}

func left() *fault.Fault { return &fault.Fault{Class: fault.Canceled, Err: errLeft} }

func stopped() *fault.Fault {
	return &fault.Fault{Class: fault.Unavailable, Reason: Stopped, Final: true, Err: errStopped}
}
