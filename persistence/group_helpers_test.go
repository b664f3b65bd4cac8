package persistence

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"recall/persistence/pgtest"
	"recall/wire"
)

// openWith opens a database of the test's own.
func openWith(t testing.TB, o Options) *DB {
	t.Helper()
	o.URL = pgtest.New(t)
	db, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

// gathering makes groups of exactly n: fewer would wait for a time that no test has.
func gathering(n int) Options { return Options{BatchWait: time.Hour, BatchMost: n} }

// commitAll hands the commits in, in this order, and returns what each was told.
func commitAll(t testing.TB, db *DB, commits ...*wire.Commit) []error {
	t.Helper()
	errs := make([]error, len(commits))
	var all sync.WaitGroup
	for i, c := range commits {
		if db.groups == nil {
			errs[i] = db.Commit(t.Context(), c)
			continue
		}
		e := handIn(t, db, c)
		all.Go(func() {
			errs[i] = translate(opCommit, db.groups.await(t.Context(), e))
		})
	}
	all.Wait()
	return errs
}

// handIn queues a commit, whose fate is to be awaited.
func handIn(t testing.TB, db *DB, c *wire.Commit) *entry {
	t.Helper()
	doc, err := newCommitDoc(c)
	if err != nil {
		t.Fatal(err)
	}
	e := &entry{commitDoc: doc, ctx: t.Context(), since: time.Now(), told: make(chan struct{})}
	if !db.groups.enter(e) {
		t.Fatal("the writer is closed")
	}
	return e
}

// execCommit writes a commit within a transaction.
func execCommit(t testing.TB, tx pgx.Tx, c *wire.Commit) {
	t.Helper()
	d, err := newCommitDoc(c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), commit, d.thread, d.fence, d.seq, d.step, d.messages); err != nil {
		t.Fatal(err)
	}
}

// threadsOf are n threads, each of a user of its own.
func threadsOf(t testing.TB, db *DB, n int) []wire.Activation {
	t.Helper()
	made := make([]wire.Activation, n)
	for i := range made {
		made[i] = newThread(t, db, wire.NewID())
	}
	return made
}

// holdAll takes all connections of the pool; give gives them back.
func holdAll(t testing.TB, db *DB) (give func()) {
	t.Helper()
	var held []interface{ Release() }
	for range db.Stat().MaxConns() {
		conn, err := db.pool.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, conn)
	}
	return sync.OnceFunc(func() {
		for _, conn := range held {
			conn.Release()
		}
	})
}

// eventually waits until it is so, asking again whenever Postgres has slept a little.
func eventually(t testing.TB, other *DB, so func() bool) {
	t.Helper()
	for !so() {
		_ = value[string](t, other, `SELECT pg_sleep(0.005)::text`)
	}
}

// queued is how many commits wait to be sent.
func (w *groupWriter) queued() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.queue)
}

// threads is how many have a commit queued or under way.
func (w *groupWriter) threads() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.behind)
}

// hold runs a statement that locks something, in a transaction that lasts until release.
func hold(t testing.TB, other *DB, sql string, args ...any) (release func()) {
	t.Helper()
	tx, err := other.pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	release = sync.OnceFunc(func() { _ = tx.Rollback(context.Background()) })
	t.Cleanup(release)
	if _, err := tx.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
	return release
}

// block keeps the group that accepts c's recall from being written until release. A
// row that is locked would not: a group does not wait for long.
func block(t testing.TB, other *DB, c *wire.Commit) (release func()) {
	t.Helper()
	execSQL(t, other, fmt.Sprintf(`
CREATE FUNCTION hold_up() RETURNS trigger LANGUAGE plpgsql SET lock_timeout = 0 AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(1);
    RETURN NEW;
END $$;
CREATE TRIGGER hold_up BEFORE INSERT ON recalls FOR EACH ROW WHEN (NEW.request_id = '%s') EXECUTE FUNCTION hold_up()`,
		c.Accepted.RequestID), pgx.QueryExecModeSimpleProtocol)
	return hold(t, other, `SELECT pg_advisory_xact_lock(1)`)
}
