package app

import (
	"log/slog"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"recall/actors/thread"
	"recall/server/metrics"
	"recall/wire"
)

// overload tells when new recalls are to be refused: before those that run come to
// harm. It looks at what is so at this moment and has no memory, so that it is over
// as soon as its cause is.
type overload struct {
	after    time.Duration        // waits longer than that are too long
	most     int64                // open recalls
	open     *atomic.Int64        // accepted and not ended
	pressure func() time.Duration // the longest wait for the database
	watch    *lagWatch
}

// The reasons, as statistics name them.
const (
	tooManyRecalls = "recalls"
	slowDatabase   = "database"
	slowProcessor  = "processor"
)

// reason is why new recalls are to be refused; empty: they are not.
func (o *overload) reason() string {
	switch {
	case o.open.Load() >= o.most:
		return tooManyRecalls
	case o.pressure() >= o.after:
		return slowDatabase
	case o.watch.lag() >= o.after:
		return slowProcessor
	default:
		return ""
	}
}

// refusal is what a new recall is answered with; nil: it is welcome. Those who are
// refused together come back apart.
func (o *overload) refusal() *thread.Refusal {
	reason := o.reason()
	if reason == "" {
		return nil
	}
	e := wire.Errorf(wire.CodeUnavailable, "the server has too much to do just now")
	e.RetryAfterMS = o.after.Milliseconds() + rand.Int64N(shedSpread.Milliseconds())
	return &thread.Refusal{Error: e, Reason: reason}
}

// shedSpread is the time over which the refused are asked to come back.
const shedSpread = 2 * time.Second

func (o *overload) stats(s *metrics.Overload) {
	s.Reason = o.reason()
	s.Shedding = s.Reason != ""
	s.LagMS = float64(o.watch.lag().Microseconds()) / 1000
	s.OpenRecalls = o.open.Load()
}

// meter is the recorder as the actors see it. What refuses people is also told in the
// log, which is looked at when they complain.
type meter struct {
	*metrics.Recorder
	log  *slog.Logger
	last *atomic.Int64 // when the log said so last, Unix nanoseconds
}

// shedAgain is how often the log tells at most that recalls are refused.
const shedAgain = 10 * time.Second

// Shed implements grain.Meter.
func (m meter) Shed(reason string) {
	m.Recorder.Shed(reason)
	now := time.Now().UnixNano()
	if before := m.last.Load(); now-before > int64(shedAgain) && m.last.CompareAndSwap(before, now) {
		m.log.Warn("new recalls are refused: the server has too much to do", slog.String("reason", reason))
	}
}

// lagWatch measures how late a goroutine of this process gets to run: a ticker asks
// for it again and again. That is what a queue before the processor means for
// everybody else's work, whatever fills it.
type lagWatch struct {
	every time.Duration
	last  atomic.Int64 // when it ran last, nanoseconds since start
	late  atomic.Int64 // how late that was, nanoseconds
	start time.Time    // with its monotonic reading
}

func newLagWatch(every time.Duration) *lagWatch { return &lagWatch{every: every, start: time.Now()} }

// run ends with done.
func (w *lagWatch) run(done <-chan struct{}) {
	tick := time.NewTicker(w.every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			w.ran(time.Since(w.start))
		case <-done:
			return
		}
	}
}

func (w *lagWatch) ran(at time.Duration) {
	w.late.Store(max(0, int64(at)-w.last.Load()-int64(w.every)))
	w.last.Store(int64(at))
}

// lag is how late it was the last time, or is by now.
func (w *lagWatch) lag() time.Duration {
	return max(time.Duration(w.late.Load()), time.Since(w.start)-time.Duration(w.last.Load())-w.every)
}
