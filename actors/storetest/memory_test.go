package storetest_test

import (
	"context"
	"errors"
	"testing"

	"recall/actors/storetest"
	"recall/wire"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(*testing.T) storetest.Store { return storetest.NewMemory() })
}

var errTest = errors.New("made up")

func newThread(t *testing.T, m *storetest.Memory) *wire.Commit {
	t.Helper()
	owner := wire.NewID()
	a, err := m.Create(t.Context(), owner, wire.Thread{ID: wire.NewID()})
	if err != nil {
		t.Fatal(err)
	}
	return &wire.Commit{ThreadID: a.Thread.ID, Owner: owner, Fence: a.Fence, Seq: 1}
}

func TestFailNextFailsOnce(t *testing.T) {
	t.Parallel()
	m := storetest.NewMemory()
	c := newThread(t, m)
	m.FailNext("Commit", errTest)
	if err := m.Commit(t.Context(), c); !errors.Is(err, errTest) {
		t.Fatalf("error %v, want the one asked for", err)
	}
	if err := m.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

func TestLoseAnswerWrites(t *testing.T) {
	t.Parallel()
	m := storetest.NewMemory()
	c := newThread(t, m)
	m.LoseAnswer(errTest)
	if err := m.Commit(t.Context(), c); !errors.Is(err, errTest) {
		t.Fatalf("error %v, want the one asked for", err)
	}
	a, err := m.Activate(t.Context(), c.ThreadID)
	if err != nil || a.Thread.Seq != 1 {
		t.Fatalf("seq %d, error %v: the commit was not written", a.Thread.Seq, err)
	}
}

func TestHoldCommits(t *testing.T) {
	t.Parallel()
	m := storetest.NewMemory()
	c := newThread(t, m)
	held, release := m.HoldCommits()
	done := make(chan error)
	go func() { done <- m.Commit(context.Background(), c) }()
	<-held
	if a, _ := m.Activate(t.Context(), c.ThreadID); a.Thread.Seq != 0 {
		t.Fatal("a held commit was written")
	}
	release()
	if err := <-done; !errors.Is(err, wire.ErrStale) { // the activation came first
		t.Fatal(err)
	}
}
