package app

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"recall/server/metrics"
	"recall/wire"
)

// idleOverload is one that nothing speaks for.
func idleOverload() *overload {
	return &overload{
		after: time.Second, most: 100, open: new(atomic.Int64), pressure: func() time.Duration { return 0 },
		watch: newLagWatch(50 * time.Millisecond),
	}
}

func TestOverloadRefusesForItsReasonOnly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := idleOverload()
		if e := o.refusal(); e != nil {
			t.Fatalf("refused for nothing: %v", e)
		}
		o.open.Store(100)
		e := o.refusal()
		if e == nil || e.Reason != tooManyRecalls || e.Error.Code != wire.CodeUnavailable || !e.Error.Retryable || e.Error.RetryAfterMS < 1000 {
			t.Fatalf("100 of 100 recalls are open: %+v", e)
		}
		o.open.Store(99)
		o.pressure = func() time.Duration { return time.Second - time.Nanosecond }
		if e := o.refusal(); e != nil {
			t.Fatalf("refused below the bounds: %v", e)
		}
		o.pressure = func() time.Duration { return time.Second }
		if e := o.refusal(); e == nil || e.Reason != slowDatabase {
			t.Fatalf("the database lets people wait for a second: %+v", e)
		}
		var s metrics.Overload
		if o.stats(&s); !s.Shedding || s.Reason != slowDatabase || s.OpenRecalls != 99 {
			t.Fatalf("%+v", s)
		}
	})
}

// The lateness is that of the last time, and grows while the next one does not come.
func TestLagWatch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newLagWatch(50 * time.Millisecond)
		done := make(chan struct{})
		go w.run(done)
		time.Sleep(time.Second) // the bubble's: nobody is late here
		synctest.Wait()
		if late := w.lag(); late != 0 {
			t.Fatalf("late by %v on a machine with nothing to do", late)
		}
		close(done)
		synctest.Wait()
		time.Sleep(3 * time.Second) // it does not run any more
		if late := w.lag(); late < 2900*time.Millisecond {
			t.Fatalf("late by %v only", late)
		}
		w.ran(time.Since(w.start))
		if late := w.lag(); late < 2900*time.Millisecond {
			t.Fatalf("forgotten at once: %v", late)
		}
		time.Sleep(50 * time.Millisecond)
		w.ran(time.Since(w.start))
		if late := w.lag(); late != 0 {
			t.Fatalf("in time again, but late by %v", late)
		}
	})
}
