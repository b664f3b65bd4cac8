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

func completes(_ context.Context, _ recall.Job, emit func(wire.Event)) recall.Outcome {
	emit(&wire.RecallStatus{Stage: wire.StageSearching})
	return recall.Outcome{Terminal: done(song(1, 0.5))}
}

// untilStopped works until it is told to stop.
func untilStopped(ctx context.Context, _ recall.Job, emit func(wire.Event)) recall.Outcome {
	emit(&wire.RecallStatus{Stage: wire.StageSearching})
	<-ctx.Done()
	return recall.Failed(unavailable(), nil)
}

func TestGrainServesASession(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{}, completes)
	c, other := s.client(), s.client()
	other.send("s", &wire.ThreadSubscribe{ThreadID: s.id})
	other.until("subscribed")
	c.send("r", question(wire.NewID(), "x"))
	if f := c.until("recall.accepted"); f.ID != "r" || !f.Limits {
		t.Fatalf("%+v", f)
	}
	c.until("recall.completed")
	other.until("recall.completed")
	if r := <-s.users.released; r.Refund {
		t.Fatal("a recall that ran was refunded")
	}
}

func TestGrainAcknowledges(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{}, completes)
	c := s.client()
	for _, m := range []any{&Wake{}, &Request{From: Peer{Address: c.pid.Address, ID: c.pid.Id}, User: s.owner, Command: &wire.ThreadGet{}}} {
		answer, err := s.system.Root.RequestFuture(s.thread, m, time.Minute).Result()
		if _, ok := answer.(*Ack); !ok || err != nil {
			t.Fatalf("%T: %v, %v", m, answer, err)
		}
	}
}

func TestGrainPassivatesWhenItsSessionsEnd(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{Idle: 20 * time.Millisecond}, completes)
	c := s.client()
	c.send("s", &wire.ThreadSubscribe{ThreadID: s.id})
	c.until("subscribed")
	_ = s.system.Root.StopFuture(c.pid).Wait()
	<-s.stopped // which it would not be while it counts a subscriber
}

func TestCrashOfTheResolverFailsTheRecall(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{}, func(context.Context, recall.Job, func(wire.Event)) recall.Outcome { panic("made up") })
	c := s.client()
	c.send("r", question(wire.NewID(), "x"))
	if f := c.until("recall.failed"); f.Code != wire.CodeInternal {
		t.Fatalf("%+v", f)
	}
	<-s.users.released
}

func TestEndReachesAStoreThatComesBack(t *testing.T) {
	t.Parallel()
	begun, finish := make(chan struct{}), make(chan struct{})
	s := newStage(t, Config{}, func(ctx context.Context, j recall.Job, emit func(wire.Event)) recall.Outcome {
		close(begun)
		<-finish
		return completes(ctx, j, emit)
	})
	c := s.client()
	c.send("r", question(wire.NewID(), "x"))
	<-begun
	s.mem.FailNext("Commit", unavailable())
	s.mem.FailNext("Commit", wire.ErrUnsure)
	s.mem.LoseAnswer(wire.ErrUnsure)
	close(finish)
	c.until("recall.completed")
	<-s.users.released
	a, err := s.mem.Admissions(t.Context(), s.owner, time.Time{})
	if err != nil || len(a) != 1 || !a[0].Ended {
		t.Fatalf("%+v, %v", a, err)
	}
}

func TestDoubtfulAcceptanceIsClearedByTheGrain(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{}, completes)
	c := s.client()
	s.mem.LoseAnswer(wire.ErrUnsure)
	c.send("r", question(wire.NewID(), "x"))
	if f := c.until("error"); f.Code != wire.CodeUnavailable {
		t.Fatalf("%+v", f)
	}
	c.until("recall.completed")
}

func TestCancelStopsTheWork(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{}, untilStopped)
	c := s.client()
	c.send("r", question(wire.NewID(), "x"))
	id := c.until("recall.status").RecallID
	c.send("c", &wire.CancelRecall{RecallID: id})
	c.until("recall.cancelled")
	<-s.users.released
}

func TestBudgetStopsTheWork(t *testing.T) {
	t.Parallel()
	// A resolver that does not heed its deadline, so that the timer ends it.
	release := make(chan struct{})
	s := newStage(t, Config{Budget: 20 * time.Millisecond}, func(context.Context, recall.Job, func(wire.Event)) recall.Outcome {
		<-release
		return recall.Outcome{Terminal: done()}
	})
	c := s.client()
	c.send("r", question(wire.NewID(), "x"))
	c.until("recall.expired")
	close(release)
}

func TestOvertakenGrainSendsItsSessionsAway(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{}, completes)
	c := s.client()
	c.send("s", &wire.ThreadSubscribe{ThreadID: s.id})
	c.until("subscribed")
	if _, err := s.mem.Activate(t.Context(), s.id); err != nil {
		t.Fatal(err)
	}
	c.send("u", &wire.ThreadUpdate{Title: ptr("x")})
	if f := c.until("error"); f.Code != wire.CodeUnavailable {
		t.Fatalf("%+v", f)
	}
	<-c.moved
	<-s.stopped
}

// The work of an activation that was stopped ends with it, and what it still
// says reaches nobody.
func TestStopEndsTheWork(t *testing.T) {
	t.Parallel()
	ended := make(chan struct{})
	s := newStage(t, Config{}, func(ctx context.Context, j recall.Job, emit func(wire.Event)) recall.Outcome {
		defer close(ended)
		return untilStopped(ctx, j, emit)
	})
	c := s.client()
	c.send("r", question(wire.NewID(), "x"))
	c.until("recall.status")
	_ = s.system.Root.StopFuture(s.thread).Wait()
	<-ended
	open, err := s.mem.ThreadsWithOpenRecalls(t.Context())
	if err != nil || len(open) != 1 {
		t.Fatalf("%v, %v: the recall must stay open for the next activation", open, err)
	}
}

func TestPanicInTheStateRestartsTheThread(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{}, completes)
	c := s.client()
	c.send("s", &wire.ThreadSubscribe{ThreadID: s.id})
	c.until("subscribed")
	s.system.Root.Send(s.thread, FoundPosting{}) // names no command: the type assertion fails
	<-c.moved
	c.send("r", question(wire.NewID(), "x"))
	c.until("recall.completed")
}
