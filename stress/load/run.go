package load

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"recall/stress/report"
	"recall/stress/world"
)

// Options of a run.
type Options struct {
	Profile   Profile
	Seed      uint64   // of the plan; the same seed asks the same at the same times
	Questions []string // that are asked; not empty
	Command   string   // that repeats the run, for the report

	Postgres map[string]string // settings beside those of production, see [world.Options]
	Dir      string            // for data and logs; empty: a temporary one
	Programs world.Programs    // built before; the zero value builds them
	Progress func(Progress)    // called each second by one goroutine; nil: nobody
}

// Progress is how a run stands.
type Progress struct {
	Stage           string
	Elapsed, Length time.Duration // of the stages
	Connections     int
	Ended, Errors   int64
	P95             float64 // of the last second, in ms
}

// Run opens a world, plays the profile and judges it. An error means that the run could
// not be made; what the server did wrong is in the result's checks.
func Run(ctx context.Context, o Options) (result report.Result, err error) {
	if len(o.Questions) == 0 {
		return result, errors.New("load: no questions to ask")
	}
	w, err := world.Open(ctx, world.Options{Dir: o.Dir, Programs: o.Programs, Emulator: o.Profile.Emulator, Postgres: o.Postgres})
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	server, err := w.Serve(ctx, o.Profile.Server...)
	if err != nil {
		return result, err
	}
	return newLoad(o, w, server).run(ctx)
}

func (l *load) run(ctx context.Context) (r report.Result, err error) {
	begun := time.Now()
	r = l.heading(begun)
	base, err := l.goroutines(ctx)
	if err != nil {
		return r, err
	}
	stop, err := l.observe(ctx)
	if err != nil {
		return r, err
	}
	defer stop()
	if l.o.Profile.Steps {
		err = l.climb(ctx, &r)
	} else {
		err = l.play(ctx, &r)
	}
	if err != nil {
		return r, err
	}
	if err := l.settle(ctx, base, &r); err != nil {
		return r, err
	}
	stop()
	r.Seconds = time.Since(begun).Seconds()
	r.Counts, r.Latencies, r.Samples = l.tally.counts(), l.tally.latencies(), l.watch.all()
	r.Notes = append(r.Notes, l.tally.wrongs()...)
	r.Checks = append(r.Checks, l.judge.Verdict()...)
	audit, err := l.judge.Audit(ctx, l.world.DatabaseURL())
	r.Checks = append(r.Checks, audit...)
	return r, err
}

func (l *load) heading(begun time.Time) report.Result {
	p := l.o.Profile
	r := report.Result{Name: p.Name, Command: l.o.Command, Machine: report.ThisMachine(), Date: begun, Seed: l.o.Seed}
	for _, s := range [][2]string{
		{"recalls a second at the peak", fmt.Sprint(p.Rate)}, {"connections at the peak", fmt.Sprint(p.Stages.Peak())},
		{"length of the stages", p.Stages.Length().String()}, {"warm-up before them", p.Warm.String()}, {"outside services", strings.Join(p.Emulator, " ")},
		{"server", strings.Join(p.Server, " ")},
	} {
		r.Settings = append(r.Settings, report.Setting{Name: s[0], Value: s[1]})
	}
	return r
}

// observe takes a sample each second until it is stopped.
func (l *load) observe(ctx context.Context) (stop func(), err error) {
	sampler, err := l.world.NewSampler(ctx, l.server)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		sampler.Run(ctx, l.sample)
	}()
	return func() { cancel(); <-done }, nil
}

// play goes through the stages.
func (l *load) play(ctx context.Context, r *report.Result) error {
	p := l.o.Profile
	within, done := context.WithCancel(ctx)
	defer done()
	if p.ConnectFast {
		took, err := l.gather(ctx)
		if err != nil {
			return err
		}
		r.Notes = append(r.Notes, fmt.Sprintf("%d connections authenticated in %.1f s", l.size, took.Seconds()))
		if p.ConnectIn > 0 {
			r.Checks = append(r.Checks, atMost("seconds until all are authenticated", took.Seconds(), p.ConnectIn.Seconds(), "s"))
		}
	}
	l.warm(ctx)
	begun := l.start()
	if !p.ConnectFast {
		l.group.Go(func() { l.follow(within) })
	}
	if p.Storm > 0 {
		l.group.Go(func() { l.storm(within) })
	}
	l.schedule(ctx, Plan{Stages: p.Stages, Rate: p.Rate, Mix: p.Mix, Seed: l.o.Seed}, begun, nil)
	if err := pause(ctx, time.Until(begun.Add(p.Stages.Length()))); err != nil {
		return err
	}
	l.cost(r, begun)
	l.thresholds(r)
	l.memory(r, begun)
	return nil
}
