package scenarios

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"recall/stress/judge"
	"recall/stress/report"
	"recall/stress/world"
)

// stage is what a scenario plays on: a world, its judge and its apps.
type stage struct {
	Options
	world *world.World
	dir   string
	judge *judge.Judge

	target   atomic.Pointer[world.Server] // where apps connect to
	seen     tally
	limits   judge.Limits
	noErrors bool // the servers' logs may hold no line of level ERROR

	mu     sync.Mutex
	apps   []*app
	checks []report.Check
}

// servicesFlags make a recall take about two seconds, so that there is always one under way.
var servicesFlags = []string{"-latency=100ms", "-tokens-per-second=150"}

// perMinute is higher than in production: a minute's load comes in seconds here.
const perMinute = 60

func setStage(ctx context.Context, o Options) (*stage, error) {
	dir, err := os.MkdirTemp(o.Dir, "recall-scenario-")
	if err != nil {
		return nil, err
	}
	w, err := world.Open(ctx, world.Options{Dir: dir, Programs: o.Programs, Emulator: servicesFlags, Postgres: o.Postgres})
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	s := &stage{Options: o, world: w, dir: dir, noErrors: true}
	s.judged(judge.Limits{PerMinute: perMinute, PerHour: 100, AtOnce: 5})
	return s, nil
}

// judged chooses by which limits the run is judged; before the first app.
func (s *stage) judged(l judge.Limits) { s.limits, s.judge = l, judge.New(l) }

// serve starts a server with the limits of the stage and sends the apps there.
func (s *stage) serve(ctx context.Context, env ...string) (*world.Server, error) {
	limits := fmt.Sprintf("RECALL_RECALLS_PER_MINUTE=%d", s.limits.PerMinute)
	server, err := s.world.Serve(ctx, append([]string{limits}, env...)...)
	if err == nil {
		s.target.Store(server)
	}
	return server, err
}

// check notes what the scenario itself has found.
func (s *stage) check(ok bool, name, want, got string, a ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.checks = append(s.checks, report.Check{Name: name, Want: want, Got: fmt.Sprintf(got, a...), OK: ok})
}

// end sends the apps home, judges, and takes the world down.
func (s *stage) end(ctx context.Context) ([]report.Check, error) {
	for _, a := range s.everybody() {
		a.leave()
	}
	s.checks = append(s.checks, s.judge.Verdict()...)
	auditing, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	audit, err := s.judge.Audit(auditing, s.world.DatabaseURL())
	s.checks = append(s.checks, audit...)
	s.checkLogs()
	err = errors.Join(err, s.world.Close())
	if s.Keep {
		s.Progress("logs are in %s", s.dir)
		return s.checks, err
	}
	return s.checks, errors.Join(err, os.RemoveAll(s.dir))
}

func (s *stage) everybody() []*app {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.apps
}

// checkLogs wants no panic, ever, and no fault of the server's own.
func (s *stage) checkLogs() {
	lines, err := s.world.Warnings()
	if err != nil {
		s.check(false, "server logs", "readable", "%v", err)
		return
	}
	var bad []string
	for _, line := range lines {
		if strings.Contains(line, "panic") || s.noErrors && strings.Contains(line, `"level":"ERROR"`) {
			bad = append(bad, line)
		}
	}
	got := fmt.Sprintf("%d of %d lines", len(bad), len(lines))
	if len(bad) > 0 {
		got += ": " + bad[0]
	}
	s.check(len(bad) == 0, "server logs", "no panic and no error", "%s", got)
}

// until waits for something that only looking tells.
func until(ctx context.Context, what string, holds func() bool) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %w", what, context.Cause(ctx))
		case <-tick.C:
		}
	}
	return nil
}

// pause lets time pass.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(d):
		return nil
	}
}
