package persistence

import (
	"context"
	"errors"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"recall/persistence/pgtest"
)

// planListener hears of the plan of each statement that its connections run, also
// of those inside functions and triggers, as auto_explain tells them.
type planListener struct {
	tripCounter // a tracer is asked for more than TraceConnectStart

	mu    sync.Mutex
	plans []string                // each with the calls that led to it
	lines map[string]map[int]bool // of functions, at which the statements stood
	pids  []uint32                // of the sessions
}

// TraceConnectStart implements [pgx.ConnectTracer]: the one place where a connection
// that [Open] makes by its options can be given an ear.
func (l *planListener) TraceConnectStart(ctx context.Context, data pgx.TraceConnectStartData) context.Context {
	data.ConnConfig.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) { l.hear(n) }
	return ctx
}

// TraceConnectEnd implements [pgx.ConnectTracer].
func (l *planListener) TraceConnectEnd(_ context.Context, data pgx.TraceConnectEndData) {
	if data.Err == nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.pids = append(l.pids, data.Conn.PgConn().PID())
	}
}

// close also waits until the sessions are gone: a superuser's, which outlives its
// connection by a moment, keeps others from dropping the database.
func (l *planListener) close(t *testing.T, db *DB) {
	config := db.pool.Config().ConnConfig
	db.Close()
	config.Database, config.Tracer = "postgres", nil
	ctx := context.Background()
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		t.Error(err)
		return
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, `SELECT pg_terminate_backend(pid, 5000) FROM unnest($1::int[]) pid`, l.pids); err != nil {
		t.Error(err)
	}
}

var calledAt = regexp.MustCompile(`PL/pgSQL function (\w+)\([^)]*\) line (\d+) at`)

func (l *planListener) hear(n *pgconn.Notice) {
	if !strings.Contains(n.Message, "plan:\n") {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.plans = append(l.plans, n.Message+"\n"+n.Where)
	for _, call := range calledAt.FindAllStringSubmatch(n.Where, -1) {
		line, _ := strconv.Atoi(call[2])
		if l.lines[call[1]] == nil {
			l.lines[call[1]] = make(map[int]bool)
		}
		l.lines[call[1]][line] = true
	}
}

// wholeReads are the plans so far that read something from end to end.
func (l *planListener) wholeReads() (found []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, plan := range l.plans {
		if reads := wholeReads(plan); len(reads) > 0 {
			found = append(found, strings.Join(reads, ", ")+": "+plan)
		}
	}
	return found
}

// listenToPlans opens the database at address so that the plans are told.
func listenToPlans(t *testing.T, address, mode string) (*DB, *planListener) {
	t.Helper()
	l := &planListener{lines: make(map[string]map[int]bool)}
	db, err := Open(t.Context(), Options{URL: tellingPlans(t, address, mode), Tracer: l})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.close(t, db) })
	return db, l
}

// tellingPlans adds to the address what makes Postgres tell all plans. Only a
// superuser may ask for that; pgtest's own servers have one of this name. Whether it
// is granted is tried in another database, which no session there can keep in use.
func tellingPlans(t *testing.T, address, mode string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	for name, value := range map[string]string{
		"session_preload_libraries": "auto_explain", "auto_explain.log_min_duration": "0", "auto_explain.log_level": "notice",
		"auto_explain.log_nested_statements": "on", "plan_cache_mode": mode,
	} {
		q.Set(name, value)
	}
	var refused error
	for _, user := range []string{q.Get("user"), "postgres"} {
		if user != "" {
			q.Set("user", user)
		}
		u.RawQuery = strings.ReplaceAll(q.Encode(), "+", "%20")
		conn, err := pgx.Connect(t.Context(), u.ResolveReference(&url.URL{Path: "/postgres", RawQuery: u.RawQuery}).String())
		if err == nil {
			_ = conn.Close(t.Context())
			return u.String()
		}
		refused = errors.Join(refused, err)
	}
	if os.Getenv(pgtest.ServerVariable) == "" && !strings.Contains(refused.Error(), "auto_explain") {
		t.Fatal(refused) // our own server lets us in: only the module may be missing
	}
	t.Skipf("the server does not tell the plans inside functions: %v", refused)
	return ""
}
