package user

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"recall/actors/storetest"
	"recall/wire"
)

// stage is an actor system with one user on a store in memory.
type stage struct {
	*testing.T
	mem     *storetest.Memory
	system  *actor.ActorSystem
	id      wire.ID
	lists   *kept
	user    *actor.PID
	stopped chan struct{} // closed when the grain has gone
	tasks   sync.WaitGroup
	unwoken func(actor.Context, func()) // as [Deps.Unwoken]
	spare   func() bool
}

func newStage(t *testing.T, cfg Config, prepare func(*stage)) *stage {
	s := &stage{T: t, mem: storetest.NewMemory(), id: wire.NewID(), lists: &kept{}, stopped: make(chan struct{})}
	prepare(s)
	quiet := slog.New(slog.DiscardHandler)
	s.system = actor.NewActorSystem(
		actor.WithLoggerFactory(func(*actor.ActorSystem) *slog.Logger { return quiet }),
		actor.WithDeadLetterThrottleInterval(time.Millisecond), // its goroutine lives that long
	)
	deps := Deps{
		Config: cfg, Store: s.mem, Lists: func(wire.ID) Lists { return s.lists }, Logger: quiet, Now: time.Now, Go: s.tasks.Go,
		Unwoken: s.unwoken, Spare: s.spare,
	}
	grains := Grains(deps)
	s.user = s.system.Root.Spawn(actor.PropsFromProducer(func() actor.Actor { return grains(s.id) }))
	s.watch()
	t.Cleanup(func() {
		_ = s.system.Root.StopFuture(s.user).Wait()
		s.tasks.Wait()
		s.system.Shutdown()
	})
	return s
}

func (s *stage) watch() {
	ready := make(chan struct{})
	s.system.Root.Spawn(actor.PropsFromFunc(func(c actor.Context) {
		switch c.Message().(type) {
		case *actor.Started:
			c.Watch(s.user)
			close(ready)
		case *actor.Terminated:
			close(s.stopped)
			c.Stop(c.Self())
		}
	}))
	<-ready
}

// ask sends a call and waits for its answer.
func (s *stage) ask(m any) any {
	s.Helper()
	answer, err := s.system.Root.RequestFuture(s.user, m, time.Minute).Result()
	if err != nil {
		s.Fatalf("%T: %v", m, err)
	}
	return answer
}

// stored puts an open recall, accepted now, into the database.
func stored(s *stage) {
	ctx, thread, p := context.Background(), wire.NewID(), &wire.Posting{ID: wire.NewID(), Seq: 1}
	a, err := s.mem.Create(ctx, s.id, wire.Thread{ID: thread})
	err = errors.Join(err, s.mem.Commit(ctx, &wire.Commit{
		ThreadID: thread, Fence: a.Fence, Seq: 1, Postings: []*wire.Posting{p},
		Accepted: &wire.Recall{ID: wire.NewID(), UserID: s.id, RequestID: wire.NewID(), MessageID: p.ID, AcceptedAt: time.Now()},
	}))
	if err != nil {
		s.Fatal(err)
	}
}

func nothing(*stage) {}

func TestGrainRemembersAcrossARestart(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{PerMinute: 2, AtOnce: 2}, stored)
	admit := func() Decision {
		return s.ask(&Admit{Recall: wire.Recall{ID: wire.NewID(), RequestID: wire.NewID()}}).(Decision)
	}
	if d := admit(); !d.Accepted() {
		t.Fatalf("%+v", d)
	}
	if d := admit(); d.Refused == nil || d.Refused.Policy != wire.PolicyMinute {
		t.Fatalf("the stored recall is forgotten: %+v", d)
	}
	limits := s.ask(&ShowLimits{}).(Standing).Limits
	if len(limits) != 3 || limits[2].Remaining != 0 {
		t.Fatalf("%+v", limits)
	}
}

func TestGrainListsAndForgets(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{}, stored)
	list := func() int {
		l := s.ask(&List{Command: &wire.ThreadList{}}).(Listing)
		if l.Err != nil {
			t.Fatal(l.Err)
		}
		return len(l.Threads.Threads)
	}
	if n := list(); n != 1 {
		t.Fatalf("%d threads", n)
	}
	stored(s)
	if n := list(); n != 1 {
		t.Fatalf("%d threads: the page is not kept", n)
	}
	s.system.Root.Send(s.user, &ListChanged{})
	if n := list(); n != 2 {
		t.Fatalf("%d threads after the change", n)
	}
}

func TestGrainWithoutItsLogSaysSoAndTriesAgain(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{}, func(s *stage) {
		s.mem.FailNext("Admissions", wire.Errorf(wire.CodeUnavailable, "away"))
	})
	if err := s.ask(&ShowLimits{}).(Standing).Err; wire.AsError(err).Code != wire.CodeUnavailable {
		t.Fatalf("%v", err)
	}
	if err := s.ask(&ShowLimits{}).(Standing).Err; err != nil {
		t.Fatalf("%v", err)
	}
}

func TestPagesOutliveAnIdleGrain(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{}, nothing)
	if l := s.ask(&List{Command: &wire.ThreadList{}}).(Listing); l.Err != nil {
		t.Fatal(l.Err)
	}
	s.system.Root.Send(s.user, Idle{}) // nothing has come for long
	<-s.stopped
	if pages, ok := s.lists.Get(); !ok || pages.ByCursor[""] == nil {
		t.Fatalf("nothing is left of the list: %+v", pages)
	}
}

func TestReleaseHasNoAnswer(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{AtOnce: 1}, nothing)
	r := wire.Recall{ID: wire.NewID(), RequestID: wire.NewID()}
	s.ask(&Admit{Recall: r})
	s.system.Root.Send(s.user, &Release{RecallID: r.ID, Refund: true})
	if d := s.ask(&Admit{Recall: wire.Recall{ID: wire.NewID(), RequestID: r.RequestID}}).(Decision); !d.Accepted() {
		t.Fatalf("%+v", d)
	}
}

// A page is prefetched when the store has time, and not otherwise.
func TestGrainPrefetchesWhenTheStoreHasTime(t *testing.T) {
	t.Parallel()
	for _, spare := range []bool{true, false} {
		asked := make(chan struct{})
		s := newStage(t, Config{}, func(s *stage) {
			s.spare = func() bool { close(asked); return spare }
		})
		s.ask(&ShowLimits{Starting: true})
		<-asked
		s.tasks.Wait() // its result is in the mailbox
		s.ask(&ShowLimits{})
		if _, kept := s.lists.Get(); kept != spare {
			t.Errorf("time %v, read %v", spare, kept)
		}
	}
}
