package load

import (
	"context"
	"fmt"
	"time"

	"recall/stress/report"
)

// The rate rises by rise until the server cannot follow or the users of the run may not
// send more; steps have a while for their last recalls before they are judged.
const (
	rise       = 100
	lastOnes   = 3 * time.Second
	perMinute  = mostMinute * 0.9 // what users are asked for on the average
	stepsAtAll = 40
)

// climb raises the rate step by step.
func (l *load) climb(ctx context.Context, r *report.Result) error {
	p := l.o.Profile
	took, err := l.gather(ctx)
	if err != nil {
		return err
	}
	r.Notes = append(r.Notes, fmt.Sprintf("%d connections authenticated in %.1f s", l.size, took.Seconds()))
	l.warm(ctx)
	best, rate := 0.0, p.Rate
	begun := l.start()
	for i := range uint64(stepsAtAll) {
		if rate > float64(l.size)*perMinute/60 {
			r.Notes = append(r.Notes, fmt.Sprintf("%d users may not send %.0f recalls a second", l.size, rate))
			break
		}
		o, err := l.step(ctx, r, rate, i)
		if err != nil {
			return err
		}
		if !o.holds(p.Most) {
			break
		}
		best, rate = rate, rate+rise
	}
	l.cost(r, begun)
	r.Notes = append(r.Notes, fmt.Sprintf("highest rate within p95 < %s and errors < %.1f %%: %.0f recalls a second", p.Most.P95, 100*p.Most.Errors, best))
	r.Checks = append(r.Checks, report.Check{
		Name: "the first rate is held", Want: fmt.Sprintf("%.0f recalls a second or more", p.Rate), Got: fmt.Sprintf("%.0f", best), OK: best >= p.Rate,
	})
	return nil
}

// step plays one rate and tells how it went, and what each process used meanwhile.
func (l *load) step(ctx context.Context, r *report.Result, rate float64, number uint64) (outcome, error) {
	s, begin, stages := newStep(rate), l.start(), l.o.Profile.Stages
	l.schedule(ctx, Plan{Stages: stages, Rate: rate, Mix: l.o.Profile.Mix, Seed: l.o.Seed + number}, begin, s)
	end := begin.Add(stages.Length())
	if err := pause(ctx, time.Until(end)+lastOnes); err != nil {
		return outcome{}, err
	}
	o, first := s.judge(), s.first.Total("").P95
	samples := between(l.watch.all(), begin, end)
	used, seconds := cpu(samples), float64(max(1, len(samples)))
	r.Notes = append(r.Notes, fmt.Sprintf("%.0f recalls a second: p95 %.0f ms, first event %.0f ms, errors %.2f %%, not ended %.2f %%; cores: server %.2f, postgres %.2f, emulator %.2f, harness %.2f",
		rate, millis(o.p95), first, 100*o.errors, 100*o.open,
		used[report.Server]/seconds, used[report.Postgres]/seconds, used[report.Emulator]/seconds, used[report.Harness]/seconds))
	return o, nil
}
