package load

import (
	"context"
	"slices"
	"sync"
	"time"

	"recall/stress/report"
)

// watch is what was seen each second.
type watch struct {
	mu      sync.Mutex
	samples []report.Sample
	last    struct{ due, ended, errors int64 }
}

// sample completes what the processes say with what the harness knows itself.
func (l *load) sample(s report.Sample) {
	w := &l.watch
	w.mu.Lock()
	defer w.mu.Unlock()
	due, ended, errors := l.tally.due.Load(), l.tally.ended.Load(), l.tally.errors.Load()
	s.Arrivals, s.Ended, s.Errors = float64(due-w.last.due), float64(ended-w.last.ended), float64(errors-w.last.errors)
	w.last.due, w.last.ended, w.last.errors = due, ended, errors
	s.Latency, s.First = l.tally.terminal.Window(), l.tally.first.Window()
	w.samples = append(w.samples, s)
	if l.o.Progress != nil {
		l.o.Progress(Progress{
			Elapsed: l.elapsed(), Length: l.o.Profile.Stages.Length(), Stage: l.stage(), Connections: s.Connections,
			Ended: ended, Errors: errors, P95: s.Latency.P95,
		})
	}
}

func (l *load) stage() string {
	if l.begun.Load() == nil {
		return "connecting"
	}
	if elapsed := l.elapsed(); elapsed < l.o.Profile.Stages.Length() {
		_, name := l.o.Profile.Stages.At(elapsed)
		return name
	}
	return "ending"
}

// all are the samples so far.
func (w *watch) all() []report.Sample {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.samples)
}

// between are the samples of a time.
func between(all []report.Sample, from, to time.Time) (some []report.Sample) {
	for _, s := range all {
		if s.At.After(from) && s.At.Before(to) {
			some = append(some, s)
		}
	}
	return some
}

// cpu is what each process has used in core-seconds.
func cpu(samples []report.Sample) map[string]float64 {
	sum := map[string]float64{}
	for _, s := range samples {
		for name, cores := range s.CPU {
			sum[name] += cores
		}
	}
	return sum
}

// pause waits, if nobody wants to end.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
