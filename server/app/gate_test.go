package app_test

import (
	"testing"

	"github.com/jackc/pgx/v5"
)

// gates are held by a trigger that takes an advisory lock, shared, whenever a
// recall's row is written: nothing waits until a test takes the same lock for
// itself. So a recall stops at an exact point, without any hook in the program:
// at INSERT it is about to be accepted, at UPDATE its terminal event is about to
// be stored.
const gates = `
CREATE OR REPLACE FUNCTION test_gate() RETURNS trigger LANGUAGE plpgsql SET lock_timeout = 0 AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext(TG_OP));
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER test_gate BEFORE INSERT OR UPDATE ON recalls FOR EACH ROW EXECUTE FUNCTION test_gate()`

// shut closes the gate for INSERT or UPDATE until open is called, which may be
// repeated. It opens by itself when the test ends, before the program stops.
func (w *world) shut(op string) (open func()) {
	w.t.Helper()
	conn, err := pgx.Connect(w.ctx, w.cfg.DatabaseURL)
	check(w.t, err)
	_, err = conn.Exec(w.ctx, gates)
	check(w.t, err)
	_, err = conn.Exec(w.ctx, `SELECT pg_advisory_lock(hashtext($1))`, op)
	check(w.t, err)
	open = func() { _ = conn.Close(w.ctx) } // the lock goes with its session
	w.t.Cleanup(open)
	return open
}

// queued waits until n sessions wait for a lock of that type (see pg_locks). A second
// program, which waits for its turn to lead, is not one of them: its lock is exclusive.
func (w *world) queued(t *testing.T, locktype string, n int) {
	t.Helper()
	eventually(w.ctx, t, "waiting for "+locktype, func() bool {
		return w.count(`SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
			WHERE NOT l.granted AND l.locktype = $1 AND NOT (l.locktype = 'advisory' AND l.mode = 'ExclusiveLock') AND a.datname = current_database()`, locktype) >= n
	})
}
