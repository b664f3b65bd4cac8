package browser_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"recall/persistence/pgtest"
	"recall/server/config"
)

// patience is how long a test waits for what must come. It is no measure of
// anything: a machine that is busy may need it.
const patience = 3 * time.Minute

// world is a running program with a database of its own.
type world struct {
	t        *testing.T
	ctx      context.Context // ends with the test, or its patience
	chrome   *chrome
	database string
	data     string           // the directory with the development secret
	services *config.Services // that the program asks; nil: none
	program  *program
	db       *pgxpool.Pool // the test's own connections
}

// setup starts the program on a fresh database with the catalogue in it.
func setup(t *testing.T) *world {
	t.Helper()
	w := prepare(t)
	w.start("127.0.0.1:0")
	return w
}

// prepare is setup without the program.
func prepare(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, chrome: needBrowser(t), database: pgtest.New(t), data: t.TempDir()}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	w.ctx = ctx
	pool, err := pgxpool.New(ctx, w.database)
	check(t, err)
	w.db = pool
	t.Cleanup(pool.Close)
	return w
}

// start starts the program, and stops it when the test ends.
func (w *world) start(listen string) {
	w.t.Helper()
	w.program = spawn(w.ctx, w.t, settings{Listen: listen, Database: w.database, Data: w.data, Services: w.services})
	w.t.Cleanup(w.program.stop)
}

// count is the one number that a query gives.
func (w *world) count(sql string, args ...any) (n int) {
	w.t.Helper()
	check(w.t, w.db.QueryRow(w.ctx, sql, args...).Scan(&n))
	return n
}

// recalls are all that were ever accepted here.
func (w *world) recalls() int {
	w.t.Helper()
	return w.count(`SELECT count(*) FROM recalls`)
}

// gates are held by a trigger that takes an advisory lock, shared, whenever a
// recall's row is written: nothing waits until a test takes the same lock for
// itself. So a recall stops at an exact point, without any hook in the program:
// at INSERT it is about to be accepted, at UPDATE its end is about to be stored.
const gates = `
CREATE OR REPLACE FUNCTION test_gate() RETURNS trigger LANGUAGE plpgsql SET lock_timeout = 0 AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext(TG_OP));
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER test_gate BEFORE INSERT OR UPDATE ON recalls FOR EACH ROW EXECUTE FUNCTION test_gate()`

// shut closes the gate for INSERT or UPDATE until open is called, at the latest
// when the test ends and before the program stops.
func (w *world) shut(op string) (open func()) {
	w.t.Helper()
	conn, err := pgx.Connect(w.ctx, w.database)
	check(w.t, err)
	_, err = conn.Exec(w.ctx, gates)
	check(w.t, err)
	_, err = conn.Exec(w.ctx, `SELECT pg_advisory_lock(hashtext($1))`, op)
	check(w.t, err)
	open = func() { _ = conn.Close(context.WithoutCancel(w.ctx)) } // the lock goes with its session
	w.t.Cleanup(open)
	return open
}

// queued waits until a session waits for a lock of that type (see pg_locks).
func (w *world) queued(locktype string) {
	w.t.Helper()
	w.eventually("somebody waits for a lock: "+locktype, func() bool {
		return w.count(`SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
			WHERE NOT l.granted AND l.locktype = $1 AND a.datname = current_database()`, locktype) > 0
	})
}

// eventually waits for what no page tells of.
func (w *world) eventually(what string, holds func() bool) {
	w.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-w.ctx.Done():
			w.t.Fatalf("%s: not in time", what)
		}
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
