package scenarios

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"golang.org/x/sync/errgroup"

	"recall/stress/device"
)

// crowd brings n users with an app and a thread each.
func (s *stage) crowd(ctx context.Context, n int) (apps []*app, threads []string, err error) {
	apps, threads = make([]*app, n), make([]string, n)
	for i := range apps {
		if apps[i], err = s.newApp(ctx, fmt.Sprintf("app %d", i), device.NewUUID()); err != nil {
			return nil, nil, err
		}
	}
	err = together(ctx, n, func(ctx context.Context, i int) (err error) {
		threads[i], err = apps[i].newThread(ctx)
		return err
	})
	return apps, threads, err
}

// together does something n times at once.
func together(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	all, ctx := errgroup.WithContext(ctx)
	for i := range n {
		all.Go(func() error { return do(ctx, i) })
	}
	return all.Wait()
}

// load is people who ask one question after the other.
type load struct {
	enough chan struct{} // closed: nobody asks any more
	done   chan struct{}
	err    error // behind done
}

// begin lets each app of a crowd ask in its thread, about every three seconds.
func (s *stage) begin(ctx context.Context, apps []*app, threads []string) *load {
	l := &load{enough: make(chan struct{}), done: make(chan struct{})}
	go func() {
		defer close(l.done)
		l.err = together(ctx, len(apps), func(ctx context.Context, i int) error {
			return l.person(ctx, apps[i], threads[i], rand.New(rand.NewPCG(s.Seed, uint64(i)))) //nolint:gosec // repeatable
		})
	}()
	return l
}

func (l *load) person(ctx context.Context, a *app, thread string, r *rand.Rand) error {
	for wait := upTo(r, time.Second); ; wait = upTo(r, 2*time.Second) {
		select {
		case <-l.enough:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(wait):
		}
		id, err := a.ask(ctx, thread, text(question(r)))
		if err != nil {
			return err
		}
		if _, _, err := a.ending(ctx, id); err != nil {
			return err
		}
	}
}

// end lets nobody ask any more, and waits for all answers.
func (l *load) end() error {
	close(l.enough)
	<-l.done
	return l.err
}

// stop is [load.end] of a scenario that has failed already.
func (l *load) stop() {
	if !isClosed(l.enough) {
		_ = l.end()
	}
}

// question is one that nobody has asked before, so that no answer is kept for it.
func question(r *rand.Rand) string {
	return fmt.Sprintf("%s, I heard it in place number %d", descriptions[r.IntN(len(descriptions))], r.IntN(1_000_000))
}

var descriptions = []string{
	"eighties song by a Norwegian band with a very high voice",
	"a young man confesses a killing, then there is an opera part",
	"Swedish group, disco, a girl of seventeen dances",
	"slow guitar song about a hotel that you can never leave",
	"piano ballad about a world without countries",
	"grunge song from Seattle with a quiet verse and a loud chorus",
	"reggae song about three birds by the doorstep",
	"a song about rain in Africa with marimba sounds",
	"the walking bass line, somebody stands by me",
	"French woman sings that she regrets nothing",
}

func upTo(r *rand.Rand, d time.Duration) time.Duration { return time.Duration(r.Int64N(int64(d))) }
