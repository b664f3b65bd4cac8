package persistence

import (
	"context"
	"testing"

	"recall/persistence/pgtest"
)

// TestLead: of two processes one leads, and the other takes over when the first
// one's connection ends, whatever ended it.
func TestLead(t *testing.T) {
	t.Parallel()
	url := pgtest.New(t)
	first, second := openStore(t, url), openStore(t, url)
	leads, lost := make(chan string, 2), make(chan struct{})
	lead := func(ctx context.Context, db *DB, name string, ended chan struct{}) chan struct{} {
		done := make(chan struct{})
		go func() {
			defer close(done)
			db.Lead(ctx, func(ctx context.Context) {
				leads <- name
				<-ctx.Done()
				if ended != nil {
					close(ended)
					ended = nil
				}
			})
		}()
		return done
	}
	ctx1, stop1 := context.WithCancel(t.Context())
	ctx2, stop2 := context.WithCancel(t.Context())
	done1 := lead(ctx1, first, "first", lost)
	if got := <-leads; got != "first" {
		t.Fatalf("%s leads", got)
	}
	done2 := lead(ctx2, second, "second", nil)
	awaitWaiting(t, first)
	stop1()
	<-lost
	<-done1
	if got := <-leads; got != "second" {
		t.Errorf("%s took over", got)
	}
	stop2()
	<-done2
}

// awaitWaiting returns when a session waits for an advisory lock. Postgres gives no
// signal for that, so it is asked.
func awaitWaiting(t *testing.T, db *DB) {
	t.Helper()
	for n := 0; n == 0; {
		err := db.pool.QueryRow(t.Context(), "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())").Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
	}
}
