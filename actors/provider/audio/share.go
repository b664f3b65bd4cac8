package audio

import (
	"context"
	"sync"
)

// flights are the conversions under way, by the clip's hash. The lock guards the
// map and the number of callers of each.
type flights struct {
	mu   sync.Mutex
	open map[string]*flight
}

// flight is one conversion and those who wait for it. It goes on for as long as
// anybody does.
type flight struct {
	callers int
	stop    context.CancelFunc
	done    chan struct{} // closed when pcm and err are there
	pcm     []byte
	err     error
}

// do runs work, or waits for the one of the same key. Without a key nothing is
// shared.
func (f *flights) do(ctx context.Context, key string, work func(context.Context) ([]byte, error)) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if key == "" {
		return work(ctx)
	}
	fl := f.join(ctx, key, work)
	select {
	case <-fl.done:
		return fl.pcm, fl.err
	case <-ctx.Done():
		f.leave(key, fl)
		return nil, ctx.Err()
	}
}

func (f *flights) join(ctx context.Context, key string, work func(context.Context) ([]byte, error)) *flight {
	f.mu.Lock()
	defer f.mu.Unlock()
	fl, flying := f.open[key]
	if !flying {
		fl = &flight{done: make(chan struct{})}
		ctx, fl.stop = context.WithCancel(context.WithoutCancel(ctx))
		if f.open == nil {
			f.open = map[string]*flight{}
		}
		f.open[key] = fl
		go f.fly(ctx, key, fl, work)
	}
	fl.callers++
	return fl
}

func (f *flights) fly(ctx context.Context, key string, fl *flight, work func(context.Context) ([]byte, error)) {
	defer fl.stop()
	fl.pcm, fl.err = work(ctx)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.forget(key, fl)
	close(fl.done)
}

// leave stops a conversion that nobody waits for any more, under the lock, so that
// nobody joins one that is about to be stopped.
func (f *flights) leave(key string, fl *flight) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if fl.callers--; fl.callers == 0 {
		f.forget(key, fl)
		fl.stop()
	}
}

// forget lets the next caller begin anew. The lock is held.
func (f *flights) forget(key string, fl *flight) {
	if f.open[key] == fl {
		delete(f.open, key)
	}
}
