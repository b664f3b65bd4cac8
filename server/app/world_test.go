package app_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"recall/persistence/pgtest"
	"recall/server/config"
)

// patience is how long a test waits for what must come. It is no measure of
// anything: a machine that is busy may need it.
const patience = 3 * time.Minute

// world is one running program with a database of its own.
type world struct {
	t    *testing.T
	ctx  context.Context // ends with the test, or its patience
	cfg  config.Config
	proc *process
	url  string        // of HTTP
	db   *pgxpool.Pool // the test's own connections to the same database
}

// setup starts the program on a fresh database with the catalogue in it; change
// may alter the configuration first.
func setup(t *testing.T, change func(*config.Config)) *world {
	t.Helper()
	return on(t, pgtest.New(t), change)
}

// on starts the program on a database that may be shared with others.
func on(t *testing.T, database string, change func(*config.Config)) *world {
	t.Helper()
	w := &world{t: t, cfg: config.Default()}
	w.cfg.Listen, w.cfg.DatabaseURL, w.cfg.DataDir = "127.0.0.1:0", database, t.TempDir()
	w.cfg.JWTSecret, w.cfg.JWKSURL = "", ""
	w.cfg.ShedAfter = 10 * time.Minute // a machine that is busy with tests sheds nothing by itself
	if change != nil {
		change(&w.cfg)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	w.ctx = ctx
	t.Cleanup(cancel)
	w.start()
	pool, err := pgxpool.New(ctx, database)
	check(t, err)
	w.db = pool
	t.Cleanup(pool.Close)
	return w
}

// start starts the program in a process of its own, and stops it when the test ends.
func (w *world) start() {
	w.t.Helper()
	w.proc = spawn(w.t, w.cfg)
	w.url = "http://" + w.proc.address(w.ctx)
	proc := w.proc
	w.t.Cleanup(func() { proc.stop() })
}

// restart stops the program as a deployment does and starts it anew.
func (w *world) restart() {
	w.t.Helper()
	w.proc.stop()
	w.start()
}

// in is the same world for a subtest, so that failures are told to that.
func (w *world) in(t *testing.T) *world {
	sub := *w
	sub.t = t
	return &sub
}

// row scans one row of the database into dest.
func (w *world) row(sql string, args []any, dest ...any) {
	w.t.Helper()
	check(w.t, w.db.QueryRow(w.ctx, sql, args...).Scan(dest...))
}

// count is the one number that a query gives.
func (w *world) count(sql string, args ...any) (n int) {
	w.t.Helper()
	w.row(sql, args, &n)
	return n
}

// exec changes the database behind the program's back.
func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	_, err := w.db.Exec(w.ctx, sql, args...)
	check(w.t, err)
}

// ready is the status of /readyz.
func (w *world) ready() int {
	resp, err := http.Get(w.url + "/readyz")
	if err != nil {
		return 0
	}
	defer func() { _ = resp.Body.Close() }()
	return resp.StatusCode
}

// eventually waits for what no frame and no signal tells of.
func eventually(ctx context.Context, t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%s: not in time", what)
		}
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
