package persistence

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"recall/persistence/pgtest"
	"recall/wire"
)

// Somebody who waits for a connection, and one whose commit waits to be sent, are
// seen while they wait and not afterwards.
func TestPressure(t *testing.T) {
	t.Parallel()
	for name, alone := range map[string]bool{"for a connection": true, "for a group": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, waited := pgtest.New(t), make(chan time.Duration, 64)
			other := openStore(t, url)
			db, err := Open(t.Context(), Options{URL: url, MaxConns: 2, NoBatching: alone, Observe: func(op string, d time.Duration, _ error) {
				if op == "db_wait" {
					waited <- d
				}
			}})
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			a := newThread(t, db, wire.NewID())
			if p := db.Pressure(); p != 0 || !db.Spare() {
				t.Errorf("at rest: pressure %v, spare %v", p, db.Spare())
			}
			give := holdAll(t, db)
			defer give()
			if db.Pressure() != 0 || db.Spare() {
				t.Errorf("all in use: pressure %v, spare %v", db.Pressure(), db.Spare())
			}
			done := make(chan error)
			go func() { done <- db.Commit(t.Context(), asking(a, 1)) }()
			eventually(t, other, func() bool { return db.Pressure() > 5*time.Millisecond })
			give()
			if err := <-done; err != nil {
				t.Fatal(err)
			}
			for d := range waited {
				if d > 5*time.Millisecond {
					break
				}
			}
			eventually(t, other, db.Spare)
			if p := db.Pressure(); p != 0 {
				t.Errorf("afterwards: pressure %v", p)
			}
		})
	}
}

// A commit presses once it has waited for longer than gathering takes. One of those
// behind it in its thread has waited for the thread until then.
func TestGatheringIsNoPressure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // where time stands still
		for _, c := range []struct {
			flying       int
			waited, want time.Duration
		}{
			{0, 2 * time.Millisecond, 0},
			{0, 3 * time.Millisecond, 0},
			{0, 9 * time.Millisecond, 7 * time.Millisecond},
			{1, 9 * time.Millisecond, 0},
			{2, slowGroup, 0},
			{2, slowGroup + 9*time.Millisecond, 9 * time.Millisecond},
		} {
			w := newGroupWriter(nil, Options{BatchWait: 2 * time.Millisecond})
			w.flying = c.flying
			thread, now := wire.NewID(), time.Now()
			w.behind[thread] = []*entry{{since: now.Add(-time.Minute)}}
			w.next(thread)
			w.queue = append(w.queue, &entry{since: now.Add(-c.waited), ready: now.Add(-c.waited)})
			if got := w.waiting(); got != c.want {
				t.Errorf("beside %d groups, after %v: pressure %v, want %v", c.flying, c.waited, got, c.want)
			}
		}
	})
}

// The one that waits longest counts, whoever is served in between.
func TestLongestWait(t *testing.T) {
	t.Parallel()
	w := &connWaits{observe: func(string, time.Duration, error) {}}
	first := w.TraceAcquireStart(context.Background(), nil, pgxpool.TraceAcquireStartData{})
	second := w.TraceAcquireStart(context.Background(), nil, pgxpool.TraceAcquireStartData{})
	if n := w.since.Len(); n != 2 {
		t.Fatalf("%d wait", n)
	}
	w.since.Front().Value = time.Now().Add(-time.Minute)
	w.since.Back().Value = time.Now().Add(-time.Second)
	if d := w.longest(); d < time.Minute {
		t.Errorf("longest wait %v", d)
	}
	w.TraceAcquireEnd(first, nil, pgxpool.TraceAcquireEndData{})
	if d := w.longest(); d < time.Second || d > 50*time.Second {
		t.Errorf("longest wait %v once the first is served", d)
	}
	w.TraceAcquireEnd(second, nil, pgxpool.TraceAcquireEndData{})
	if d := w.longest(); d != 0 {
		t.Errorf("longest wait %v of nobody", d)
	}
}
