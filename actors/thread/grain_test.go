package thread

import (
	"context"
	"testing"
	"time"

	"recall/actors/recall"
	"recall/wire"
)

func completes(_ context.Context, _ recall.Job, emit func(wire.Event)) recall.Outcome {
	emit(&wire.RecallStatus{Stage: wire.StageSearching})
	return recall.Outcome{Terminal: done(song(1, 0.5))}
}

// untilStopped works until it is told to stop.
func untilStopped(ctx context.Context, _ recall.Job, emit func(wire.Event)) recall.Outcome {
	emit(&wire.RecallStatus{Stage: wire.StageSearching})
	<-ctx.Done()
	return recall.Failed(wire.Unavailable(), nil)
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
	s := newStage(t, Config{}, completes)
	c := s.client()
	c.send("s", &wire.ThreadSubscribe{ThreadID: s.id})
	c.until("subscribed")
	if !s.staysIdle() {
		t.Fatal("a thread that is watched has ended")
	}
	_ = s.system.Root.StopFuture(c.pid).Wait()
	for s.staysIdle() { // until word of the end has come to it
	}
	<-s.stopped
}

// staysIdle tells the thread that nothing has come for long, and whether it is there
// after that.
func (s *stage) staysIdle() bool {
	s.system.Root.Send(s.thread, Idle{})
	_, err := s.system.Root.RequestFuture(s.thread, &Wake{}, time.Minute).Result()
	return err == nil
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
	s.mem.FailNext("Commit", wire.Unavailable())
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
