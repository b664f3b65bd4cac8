package thread

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"recall/actors/recall"
	"recall/actors/storetest"
	"recall/actors/user"
	"recall/wire"
)

// stage is an actor system with one thread on a store in memory.
type stage struct {
	testing.TB
	mem      *storetest.Memory
	system   *actor.ActorSystem
	users    *openDoor
	resolver resolverFunc
	id       wire.ID
	owner    wire.ID
	thread   *actor.PID
	stopped  chan struct{} // closed when the grain has gone
	tasks    sync.WaitGroup
}

type resolverFunc func(context.Context, recall.Job, func(wire.Event)) recall.Outcome

func (f resolverFunc) Resolve(ctx context.Context, j recall.Job, emit func(wire.Event)) recall.Outcome {
	return f(ctx, j, emit)
}

// openDoor admits everything and counts what comes back.
type openDoor struct{ released chan user.Release }

func (d *openDoor) Admit(_ context.Context, r wire.Recall) (user.Decision, error) {
	return user.Decision{RecallID: r.ID, ThreadID: r.ThreadID, At: time.Now()}, nil
}
func (d *openDoor) Release(_ wire.ID, r user.Release) { d.released <- r }
func (d *openDoor) ListChanged(wire.ID)               {}

// shelfOf is a [Shelf] that several grains share.
type shelfOf struct{ books sync.Map }

func (s *shelfOf) Book(id wire.ID) (Book, bool) {
	b, ok := s.books.Load(id)
	if !ok {
		return Book{}, false
	}
	return b.(Book), true
}
func (s *shelfOf) Keep(id wire.ID, b Book) { s.books.Store(id, b) }

func newStage(t testing.TB, cfg Config, resolve resolverFunc) *stage {
	return newStageWith(t, cfg, nil, resolve)
}

func newStageWith(t testing.TB, cfg Config, media Media, resolve resolverFunc) *stage {
	return newStageOf(t, cfg, resolve, func(d *Deps) { d.Media = media })
}

// newStageOf is a stage whose thread works with what change makes of its deps.
func newStageOf(t testing.TB, cfg Config, resolve resolverFunc, change func(*Deps)) *stage {
	s := &stage{
		TB: t, mem: storetest.NewMemory(), users: &openDoor{make(chan user.Release, 64)}, resolver: resolve,
		id: wire.NewID(), owner: wire.NewID(), stopped: make(chan struct{}),
	}
	quiet := slog.New(slog.DiscardHandler)
	s.system = actor.NewActorSystem(
		actor.WithLoggerFactory(func(*actor.ActorSystem) *slog.Logger { return quiet }),
		actor.WithDeadLetterThrottleInterval(time.Millisecond), // its goroutine lives that long
	)
	if _, err := s.mem.Create(context.Background(), s.owner, wire.Thread{ID: s.id}); err != nil {
		t.Fatal(err)
	}
	deps := Deps{
		Config: cfg, Store: s.mem, Users: s.users, Resolver: s.resolver, Shelf: &shelfOf{}, Logger: quiet,
		Now: time.Now, Go: s.tasks.Go,
	}
	change(&deps)
	s.thread = s.system.Root.Spawn(actor.PropsFromProducer(func() actor.Actor { return NewGrain(s.id, deps) }))
	s.watch()
	t.Cleanup(func() {
		_ = s.system.Root.StopFuture(s.thread).Wait()
		s.tasks.Wait()
		s.system.Shutdown()
	})
	return s
}

// watch closes stopped when the thread ends.
func (s *stage) watch() {
	ready := make(chan struct{})
	s.system.Root.Spawn(actor.PropsFromFunc(func(c actor.Context) {
		switch c.Message().(type) {
		case *actor.Started:
			c.Watch(s.thread)
			close(ready)
		case *actor.Terminated:
			close(s.stopped)
			c.Stop(c.Self())
		}
	}))
	<-ready
}

// client is a session as a thread sees it.
type client struct {
	*stage
	pid    *actor.PID
	frames chan frame
	moved  chan struct{}
}

func (s *stage) client() *client {
	c := &client{stage: s, frames: make(chan frame, 1024), moved: make(chan struct{}, 1)}
	c.pid = s.system.Root.Spawn(actor.PropsFromFunc(func(ctx actor.Context) {
		switch m := ctx.Message().(type) {
		case *Delivery:
			var f frame
			_ = json.Unmarshal(m.Frame.Bytes, &f)
			f.Limits = m.Limits
			c.frames <- f
		case *Disowned:
			c.moved <- struct{}{}
		}
	}))
	return c
}

func (c *client) send(id string, command wire.Command) {
	c.system.Root.Send(c.thread, &Request{
		From: Peer{Address: c.pid.Address, ID: c.pid.Id}, ID: id, User: c.owner, Command: command,
	})
}

// until reads frames up to the first of that type.
func (c *client) until(kind string) frame {
	c.Helper()
	for {
		select {
		case f := <-c.frames:
			if f.Type == kind {
				return f
			}
		case <-c.Context().Done():
			c.Fatalf("no %s", kind)
		}
	}
}
