package app

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	reviveEvery   = 30 * time.Second
	reviveAtOnce  = 8
	reviveTimeout = 30 * time.Second
)

// lead is what one process of a database does for all of them.
func (a *App) lead(ctx context.Context) {
	var both sync.WaitGroup
	both.Go(func() { a.revive(ctx) })
	both.Go(func() { a.sweep(ctx) })
	both.Wait()
}

// revive wakes the threads that have open recalls: at the start those that a
// crash left behind, later (should an activation have been lost) any. A thread
// that is awake does not notice; one that wakes finishes what it finds, so that
// every accepted recall gets its terminal event without anybody asking. Only the
// leading process of a database does so: the one before it may still be draining.
func (a *App) revive(ctx context.Context) {
	a.reviveOnce(ctx)
	tick := time.NewTicker(reviveEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			a.reviveOnce(ctx)
		}
	}
}

func (a *App) reviveOnce(ctx context.Context) {
	ctx, done := context.WithTimeout(ctx, reviveTimeout)
	defer done()
	open, err := a.db.ThreadsWithOpenRecalls(ctx)
	if ctx.Err() != nil { // the lead was lost, or the program ends: the next one looks
		return
	}
	if err != nil {
		a.log.Warn("looking for open recalls", slog.Any("error", err))
		return
	}
	var wakes errgroup.Group
	wakes.SetLimit(reviveAtOnce)
	for _, id := range open {
		wakes.Go(func() error { return a.actors.Wake(ctx, id) })
	}
	if err := wakes.Wait(); err != nil && ctx.Err() == nil {
		a.log.Warn("waking threads with open recalls", slog.Any("error", err))
	}
}
