package main

import (
	"context"
	"fmt"
	"os"
	"time"
)

// figures of one rival in one round.
type figures struct {
	heap  float64 // bytes of heap and stacks, each idle connection
	rss   float64 // bytes of resident memory, each idle connection
	rates []pace  // as in the settings
}

// pace is how a rival did at one rate.
type pace struct {
	cpu      time.Duration // of the server, each message
	p50, p99 time.Duration // from when a message was due until its echo was read
	behind   time.Duration // p99 of from when it was due until it was sent, which is ours
}

// compare measures every rival once a round. The order turns from round to round, so
// that none always has the warmer machine.
func compare(ctx context.Context, s settings, rivals []rival) (map[string][]figures, error) {
	rounds := map[string][]figures{}
	for round := range s.rounds {
		for i := range rivals {
			r := rivals[(i+round)%len(rivals)]
			fmt.Fprintf(os.Stderr, "round %d of %d: %s\n", round+1, s.rounds, r.name)
			f, err := r.measure(ctx, s)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", r.name, err)
			}
			rounds[r.name] = append(rounds[r.name], f)
		}
	}
	return rounds, nil
}

// measure uses a process for memory and another for messages: the first collects garbage
// so often that its heap is what lives, which would cost the second its speed.
func (r rival) measure(ctx context.Context, s settings) (f figures, err error) {
	if f.heap, f.rss, err = r.idle(ctx, s.idle); err != nil {
		return f, err
	}
	p, err := start(ctx, r)
	if err != nil {
		return f, err
	}
	defer p.stop()
	conns, err := dialAll(ctx, r, p, s.busy)
	if err != nil {
		return f, err
	}
	defer conns.leave()
	for _, rate := range s.rates {
		m, err := conns.send(ctx, p, rate, s.lasting)
		if err != nil {
			return f, fmt.Errorf("%d a second: %w", rate, err)
		}
		f.rates = append(f.rates, m)
	}
	return f, nil
}

// idle is what a process grows by for each connection that says nothing.
func (r rival) idle(ctx context.Context, n int) (heap, rss float64, err error) {
	p, err := start(ctx, r, "GOGC=5")
	if err != nil {
		return 0, 0, err
	}
	defer p.stop()
	// One connection that comes and goes makes what is made once.
	first, err := dialAll(ctx, r, p, 1)
	if err != nil {
		return 0, 0, err
	}
	first.leave()
	before, err := p.memory(ctx)
	if err != nil {
		return 0, 0, err
	}
	conns, err := dialAll(ctx, r, p, n)
	if err != nil {
		return 0, 0, err
	}
	defer conns.leave()
	after, err := p.memory(ctx)
	each := 1 / float64(n)
	return (after.live - before.live) * each, (after.rss - before.rss) * each, err
}
