package recall

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"recall/actors/provider/fault"
)

// errCrashed is a panic in a client or a source. It is that call's failure and
// nobody else's.
var errCrashed = &fault.Fault{Class: fault.Unavailable, Reason: "crashed", Err: errors.New("it crashed")}

// ask calls an outside service; the time of it is not the server's.
func ask[A any](w *work, ctx context.Context, name string, call func(context.Context) (A, error)) (A, error) {
	defer w.outside.start()()
	return attempt(w, ctx, name, call)
}

// local calls something in the server itself, which is not to take long.
func local[A any](w *work, name string, call func(context.Context) (A, error)) (A, error) {
	ctx, done := context.WithTimeout(w.calls, localTime)
	defer done()
	return attempt(w, ctx, name, call)
}

func attempt[A any](w *work, ctx context.Context, name string, call func(context.Context) (A, error)) (a A, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			w.logger(name).Error("recall: crashed", slog.Any("panic", cause), slog.String("stack", string(debug.Stack())))
			err = errCrashed
		}
	}()
	a, err = call(ctx)
	if f := fault.Of(err); f != nil && f.Class != fault.Canceled {
		w.logger(name).Info("recall: a service did not take part", slog.String("class", string(f.Class)), slog.Any("error", err))
	}
	return a, err
}

// logger names the service and the recall.
func (w *work) logger(service string) *slog.Logger {
	logger := w.engine.Logger
	if logger == nil {
		logger = slog.Default()
	}
	return logger.With(slog.String("service", service), slog.String("recall", w.job.RecallID.String()))
}

// stopwatch measures the time during which at least one outside call is under way.
type stopwatch struct {
	now func() time.Time

	mu      sync.Mutex
	running int
	since   time.Time
	sum     time.Duration
}

func newStopwatch(now func() time.Time) *stopwatch { return &stopwatch{now: now} }

func (s *stopwatch) start() (stop func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running++; s.running == 1 {
		s.since = s.now()
	}
	return s.stop
}

func (s *stopwatch) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running--; s.running == 0 {
		s.sum += s.now().Sub(s.since)
	}
}

// total includes a call that has not come back yet.
func (s *stopwatch) total() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running > 0 {
		return s.sum + s.now().Sub(s.since)
	}
	return s.sum
}
