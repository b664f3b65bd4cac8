package provider

import (
	"context"
	"errors"
	"reflect"
	"time"

	"recall/actors/provider/fault"
)

// key names what a request asks, and what kind of answer it wants: requests of two
// kinds are never one call, whatever their words are.
type key struct {
	text string
	kind reflect.Type
}

// request is one outside call, for whoever asks for it.
type request struct {
	key  key // text "": shared with nobody
	call func(ctx context.Context, tell func(piece any)) (any, error)
}

func (r request) shared() bool { return r.key.text != "" }

// flight is an outside call under way, with all who wait for it. The fields below
// belong to the [Service], under its lock.
type flight struct {
	request
	id   uint64
	ctx  context.Context // of the call: with the values of who asked first, but not its end
	tape *tape

	begun    time.Time
	fair     time.Duration // shorter than that no timeout speaks against the service
	end      context.CancelCauseFunc
	callers  int
	patience time.Time // when the last caller leaves
	settled  bool
}

// takeOff makes a flight. A shared one has the whole time-out, since who joins may
// have more time than who asked first; its callers leave on their own.
func (s *Service) takeOff(ctx context.Context, r request) *flight {
	s.lastID++
	f := &flight{request: r, id: s.lastID, tape: &tape{}, begun: time.Now(), fair: s.cfg.Timeout / 2}
	s.wait(ctx, f)
	left := s.cfg.Timeout
	if !r.shared() {
		left = f.patience.Sub(s.now())
	}
	inner, end := context.WithCancelCause(context.WithoutCancel(ctx))
	var stop context.CancelFunc
	f.ctx, stop = context.WithTimeout(inner, left)
	f.end = func(cause error) { end(cause); stop() }
	s.open[f.id] = f
	if r.shared() {
		s.shared[r.key] = f
	}
	s.tell(asked{f.id, s.now().Add(left)})
	return f
}

// wait counts one more caller, with the patience that its ctx has.
func (s *Service) wait(ctx context.Context, f *flight) {
	f.callers++
	left := s.cfg.Timeout
	if deadline, limited := ctx.Deadline(); limited {
		left = min(left, time.Until(deadline))
	}
	f.patience = later(f.patience, s.now().Add(left))
}

// join finds the request's kept answer or its flight, or starts one.
func (s *Service) join(ctx context.Context, r request) (*flight, *tape) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		t := &tape{}
		t.end(nil, stopped())
		return nil, t
	}
	if !r.shared() {
		f := s.takeOff(ctx, r)
		return f, f.tape
	}
	if f := s.shared[r.key]; f != nil && !s.cfg.NoCoalescing {
		s.meter.Coalesced(s.name)
		s.wait(ctx, f)
		return f, f.tape
	}
	if t := s.kept.get(r.key); t != nil {
		return nil, t
	}
	f := s.takeOff(ctx, r)
	return f, f.tape
}

// leave ends a caller's part in a flight. With the last one the call ends, at once.
func (s *Service) leave(ctx context.Context, f *flight) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.callers--; f.callers > 0 || f.settled {
		return
	}
	if s.shared[f.key] == f {
		delete(s.shared, f.key) // the next one starts anew
	}
	cause := errLeft
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		cause = errLate
	}
	f.end(cause)
	s.tell(withdrawn{f.id})
}

// settle tells the result to all who wait.
func (s *Service) settle(f *flight, value any, flt *fault.Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.settled {
		return
	}
	f.settled = true
	delete(s.open, f.id)
	if s.shared[f.key] == f {
		delete(s.shared, f.key)
	}
	f.tape.end(value, flt)
	if flt == nil && f.shared() {
		s.kept.keep(f.key, f.tape)
	}
	f.end(nil)
}

// judged is the fault of an attempt. What looks like a failure because we ended the
// call is what we ended it for.
func (f *flight) judged(err error) *fault.Fault {
	flt := fault.Of(err)
	if flt == nil || !flt.Class.Breaks() && flt.Class != fault.Canceled {
		return flt
	}
	switch cause := context.Cause(f.ctx); {
	case cause == nil:
		return flt
	case errors.Is(cause, errLate), errors.Is(cause, context.DeadlineExceeded):
		return &fault.Fault{Class: fault.Timeout, Short: time.Since(f.begun) < f.fair, Request: flt.Request, Err: err}
	default:
		return &fault.Fault{Class: fault.Canceled, Request: flt.Request, Err: err}
	}
}
