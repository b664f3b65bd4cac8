package load

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
)

// gather connects all users as fast as they are let in, and returns how long it took
// until the last of them was welcome.
func (l *load) gather(ctx context.Context) (time.Duration, error) {
	begun := time.Now()
	var group errgroup.Group
	group.SetLimit(2 * dialsAtOnce) // some shake hands while others wait for their welcome
	for _, u := range l.users {
		group.Go(func() error { return u.connect(ctx, false) })
	}
	if err := group.Wait(); err != nil {
		return 0, fmt.Errorf("connecting: %w", err)
	}
	return time.Since(begun), nil
}

// follow keeps as many connections as the stages want, until ctx ends. Users come in
// the order of their numbers and leave in the opposite one, when nothing of theirs is
// under way.
func (l *load) follow(ctx context.Context) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for have := 0; ; {
		want, _ := l.o.Profile.Stages.At(l.elapsed())
		for ; have < want; have++ {
			u := l.users[have]
			l.group.Go(func() { l.come(ctx, u) })
		}
		for ; have > want; have-- {
			u := l.users[have-1]
			l.group.Go(func() { l.part(ctx, u) })
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (l *load) come(ctx context.Context, u *user) {
	if err := u.connect(ctx, false); err != nil && ctx.Err() == nil {
		l.tally.fail("connecting: %v", err)
	}
}

// storm cuts a share of all connections at one moment; all of them come back at once.
func (l *load) storm(ctx context.Context) {
	stages := l.o.Profile.Stages
	select {
	case <-time.After(stormAt(stages) - l.elapsed()):
	case <-ctx.Done():
		return
	}
	n := int(l.o.Profile.Storm * float64(l.connected.Load()))
	for _, u := range l.users[:n] {
		l.group.Go(func() { u.resume(ctx, 0) })
	}
}

// stormAt is the middle of the time at the peak.
func stormAt(s Stages) (at time.Duration) {
	for _, stage := range s {
		at += stage.Ramp
		if stage.Conns == s.Peak() {
			return at + stage.Hold/2
		}
		at += stage.Hold
	}
	return at
}

// part lets a user leave when nothing of it is under way.
func (l *load) part(ctx context.Context, u *user) {
	u.retire()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for u.busy() > 0 {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
	u.leave()
}
