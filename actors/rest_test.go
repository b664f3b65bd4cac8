package actors

import (
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"recall/actors/user"
	"recall/wire"
)

func identity(userID wire.ID) address { return address{user.Kind, userID} }

// asleep waits until no activation of a user is left, its farewell included.
func asleep(t *testing.T, userID wire.ID) {
	t.Helper()
	for {
		pid := system.lookup.Peek(identity(userID))
		if _, kept := keep.of(userID).Get(); pid == nil && kept {
			return
		}
		select {
		case <-keep.of(userID).kept:
		case <-time.After(time.Minute): // nobody else would tell
			t.Fatal("the user does not rest")
		}
	}
}

// TestChangeReachesASleepingUser: a list outlives its user's rest, and a change in
// between reaches it, however often and wherever in the rest it comes.
func TestChangeReachesASleepingUser(t *testing.T) {
	t.Parallel()
	owner := wire.NewID()
	keep.put(owner)
	names := func() (n int) {
		l, err := system.Threads(t.Context(), owner, &wire.ThreadList{})
		if err != nil {
			t.Fatal(err)
		}
		return len(l.Threads)
	}
	for n := range 20 {
		if got := names(); got != n {
			t.Fatalf("%d threads, want %d", got, n)
		}
		if n%5 == 0 {
			asleep(t, owner)
		}
		if _, err := store.Create(t.Context(), owner, wire.Thread{ID: wire.NewID()}); err != nil {
			t.Fatal(err)
		}
		system.ListChanged(owner)
	}
}

// TestListOutlivesARest: a user who comes back finds the list without a query.
func TestListOutlivesARest(t *testing.T) {
	t.Parallel()
	owner := wire.NewID()
	keep.put(owner)
	g := store.watch(owner)
	close(g.open)
	for range 3 {
		if _, err := system.Threads(t.Context(), owner, &wire.ThreadList{}); err != nil {
			t.Fatal(err)
		}
		asleep(t, owner)
	}
	if n := g.queries.Load(); n != 1 {
		t.Errorf("%d queries", n)
	}
}

// TestWokenMeanwhile: an activation that has left learns that another one was made
// since, also when that one has left as well.
func TestWokenMeanwhile(t *testing.T) {
	t.Parallel()
	id := address{sleepless, wire.NewID()}
	first := system.lookup.Find(id)
	asks := func(pid *actor.PID) (done bool) {
		system.lookup.Unwoken(id, pid, func() { done = true })
		return done
	}
	if asks(first) {
		t.Error("it has not left")
	}
	system.lookup.Leave(id, first)
	if !asks(first) {
		t.Error("nobody has woken since")
	}
	second := system.lookup.Find(id)
	system.lookup.Leave(id, second)
	if asks(first) || !asks(second) {
		t.Error("another one has woken since")
	}
	for _, pid := range []*actor.PID{first, second} {
		_ = system.actors.Root.StopFuture(pid).Wait()
	}
	if asks(second) {
		t.Error("what has ended is remembered")
	}
}
