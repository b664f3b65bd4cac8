package persistence

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"recall/persistence/pgtest"
	"recall/wire"
)

// openPatiently opens a database of the test's own, and another pool for who holds
// something there. A lock is waited for so long that the others are done by then.
func openPatiently(t *testing.T, o Options) (db, other *DB) {
	t.Helper()
	o.URL, o.StatementTimeout = pgtest.New(t), 30*time.Second
	db, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db, openStore(t, o.URL)
}

// goOn is a step of each thread that needs all that can be held: its first recall is
// answered and put into the stash again, its first message heard, another one accepted.
func goOn(t *testing.T, db *DB, threads []wire.Activation) (steps []*wire.Commit) {
	t.Helper()
	for _, a := range threads {
		first := asking(a, 1)
		first.Stash = &wire.StashItem{ThreadID: a.Thread.ID, CreatedAt: testTime}
		if err := db.commitNow(t, first); err != nil {
			t.Fatal(err)
		}
		step, next := answering(a, 2, first.Accepted.ID), asking(a, 7)
		step.Heard, step.Accepted = first.Postings[0], next.Accepted
		steps = append(steps, step)
	}
	return steps
}

// commitNow writes a commit without waiting for others.
func (db *DB) commitNow(t *testing.T, c *wire.Commit) error {
	t.Helper()
	doc, err := newCommitDoc(c)
	if err != nil {
		t.Fatal(err)
	}
	return db.commitAlone(t.Context(), &doc)
}

// Whatever somebody holds of some threads, only they wait for it: the others are
// written while it is held, and those as soon as it is not.
func TestWhatIsHeldHoldsUpNobodyElse(t *testing.T) {
	t.Parallel()
	row := func(sql string) func(*testing.T, *DB, *wire.Commit) func() {
		return func(t *testing.T, other *DB, c *wire.Commit) func() {
			return hold(t, other, sql+` FOR UPDATE`, c.ThreadID)
		}
	}
	for name, take := range map[string]func(*testing.T, *DB, *wire.Commit) func(){
		"thread":  row(`SELECT FROM recall_threads WHERE id = $1`),
		"message": row(`SELECT FROM recall_messages WHERE thread_id = $1`),
		"recall":  row(`SELECT FROM recalls WHERE thread_id = $1`),
		"stash":   row(`SELECT FROM recall_stash WHERE thread_id = $1`),
		"request_id": func(t *testing.T, other *DB, c *wire.Commit) func() {
			return hold(t, other, `INSERT INTO recalls (id, thread_id, user_id, request_id, message_id, input, accepted_at)
				SELECT gen_random_uuid(), $1, $2, $3, gen_random_uuid(), '{}', now()`, newThread(t, other, wire.NewID()).Thread.ID, c.Accepted.UserID, c.Accepted.RequestID)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, other := openPatiently(t, gathering(8))
			steps := goOn(t, db, threadsOf(t, db, 8))
			held := map[int]func(){2: take(t, other, steps[2]), 5: take(t, other, steps[5])}
			errs := make([]chan error, len(steps))
			for i, c := range steps {
				errs[i] = make(chan error, 1)
				e := handIn(t, db, c)
				go func() { errs[i] <- db.groups.await(t.Context(), e) }()
			}
			for i, err := range errs {
				if held[i] == nil {
					if err := <-err; err != nil {
						t.Errorf("commit %d: %v", i, err)
					}
				}
			}
			if t.Failed() { // then the held ones may have failed with them
				return
			}
			awaitLockWait(t, other)
			for i, release := range held {
				release()
				if err := <-errs[i]; err != nil {
					t.Errorf("commit %d, of which something was held: %v", i, err)
				}
			}
		})
	}
}

// A table that somebody keeps to himself ends the group, but none of those in it that
// can do without the table.
func TestHeldTableFailsNobody(t *testing.T) {
	t.Parallel()
	db, other := openPatiently(t, gathering(4))
	steps := goOn(t, db, threadsOf(t, db, 4))
	hold(t, other, `LOCK TABLE recall_media`)
	wantErrs(t, commitAll(t, db, steps...), nil)
}

// A group waits once for what is held, then hardly at all; and that is its own affair,
// not that of what its transaction does next.
func TestGroupWaitsOnceForLocks(t *testing.T) {
	t.Parallel()
	db, other := openPatiently(t, Options{})
	steps := goOn(t, db, threadsOf(t, db, 2))
	hold(t, other, `SELECT FROM recall_stash WHERE thread_id = $1 FOR UPDATE`, steps[0].ThreadID)
	execSQL(t, other, noteLockTimeout, pgx.QueryExecModeSimpleProtocol)
	tx, err := db.pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(context.Background())
	var docs []string
	for _, c := range steps {
		doc, err := newCommitDoc(c)
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, string(doc.whole))
	}
	var states []string
	var after string
	err = tx.QueryRow(t.Context(), `SELECT array_agg(state ORDER BY place), min(current_setting('lock_timeout')) FROM recall_commit_batch($1::jsonb[])`, docs).Scan(&states, &after)
	if err != nil || after != "15s" || states[0] != stateLocked || states[1] != "" {
		t.Errorf("fates %q, then a lock is waited for %s, %v", states, after, err)
	}
	var noted []string
	if err := tx.QueryRow(t.Context(), `SELECT array_agg(lock_timeout) FROM noted`).Scan(&noted); err != nil || !slices.Equal(noted, []string{"1ms"}) {
		t.Errorf("the one that is written after the locked one waits for %q, %v", noted, err)
	}
}

// noteLockTimeout keeps what was in force when a recall was written.
const noteLockTimeout = `
CREATE TABLE noted (lock_timeout text);
CREATE FUNCTION note_lock_timeout() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO noted VALUES (current_setting('lock_timeout'));
    RETURN NEW;
END $$;
CREATE TRIGGER note_lock_timeout BEFORE INSERT ON recalls FOR EACH ROW EXECUTE FUNCTION note_lock_timeout()`
