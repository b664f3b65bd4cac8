package persistence

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"recall/persistence/pgtest"
	"recall/wire"
)

func TestTranslate(t *testing.T) {
	t.Parallel()
	state := func(code, constraint string) error {
		return fmt.Errorf("somewhere: %w", &pgconn.PgError{Code: code, ConstraintName: constraint})
	}
	for _, c := range []struct {
		name  string
		cause error
		want  wire.Code
	}{
		{"statement timeout", state("57014", ""), wire.CodeUnavailable},
		{"lock timeout", state("55P03", ""), wire.CodeUnavailable},
		{"shutdown", state("57P01", ""), wire.CodeUnavailable},
		{"too many clients", state("53300", ""), wire.CodeUnavailable},
		{"disk full", state("53100", ""), wire.CodeUnavailable},
		{"standby", state("25006", ""), wire.CodeUnavailable},
		{"deadlock", state("40P01", ""), wire.CodeUnavailable},
		{"broken off", fmt.Errorf("receive: %w", io.ErrUnexpectedEOF), wire.CodeUnavailable},
		{"no time left", context.DeadlineExceeded, wire.CodeUnavailable},
		{"no message", state(stateNoMessage, ""), wire.CodeNotFound},
		{"known", wire.NotFound("thread"), wire.CodeNotFound},
		{"given up", context.Canceled, wire.CodeInternal},
		{"not open", state(stateNotOpen, ""), wire.CodeInternal},
		{"unique", state("23505", "recall_messages_pkey"), wire.CodeInternal},
		{"no such table", state("42P01", ""), wire.CodeInternal},
		{"foreign", errors.New("what is this"), wire.CodeInternal},
	} {
		err := translate("op", c.cause)
		if got := wire.AsError(err).Code; got != c.want {
			t.Errorf("%s: code %s, want %s", c.name, got, c.want)
		}
		if c.want != wire.CodeNotFound && !errors.Is(err, c.cause) {
			t.Errorf("%s: the cause is lost: %v", c.name, err)
		}
		if again := translate("op", err); !errors.Is(again, err) {
			t.Errorf("%s: translated twice it is %v", c.name, again)
		}
	}
	for cause, want := range map[error]error{
		state(stateStale, ""):                        wire.ErrStale,
		state("23505", "recall_messages_thread_seq"): wire.ErrStale,
		state("23505", "recalls_user_request"):       wire.ErrDuplicate,
	} {
		if err := translate("op", cause); !errors.Is(err, want) {
			t.Errorf("%v became %v, want %v", cause, err, want)
		}
	}
	if translate("op", nil) != nil {
		t.Error("no error became one")
	}
}

// Of a commit everything is in doubt but what was not sent and what Postgres said.
func TestTranslateDoubt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		err  error
		want bool
	}{
		{"broken off", io.ErrUnexpectedEOF, true},
		{"no time left", context.DeadlineExceeded, true},
		{"given up", context.Canceled, true},
		{"unreadable", errors.New("cannot scan"), true},
		{"shutdown", &pgconn.PgError{Code: "57P01"}, true},
		{"refused", &pgconn.PgError{Code: stateNotOpen}, false},
		{"out of time there", &pgconn.PgError{Code: "57014"}, false},
		{"no time left before", notSent("wait", context.DeadlineExceeded), false},
		{"given up before", notSent("wait", context.Canceled), false},
		{"not encoded", notSent("encode", errors.New("what is this")), false},
	} {
		for range 2 { // also of what was translated already
			if c.err = translate(opCommit, c.err); errors.Is(c.err, wire.ErrUnsure) != c.want {
				t.Errorf("%s: in doubt %v, want %v: %v", c.name, !c.want, c.want, c.err)
			}
		}
		if errors.Is(translate("op", c.err), wire.ErrUnsure) != c.want {
			t.Errorf("%s: another operation changes it", c.name)
		}
	}
	if err := translate("page", context.Canceled); errors.Is(err, wire.ErrUnsure) {
		t.Errorf("no commit, and in doubt: %v", err)
	}
}

// unavailable expects what a client is told, and no detail of ours in it.
func unavailable(t *testing.T, what string, err error) {
	t.Helper()
	shown := wire.AsError(err)
	if shown.Code != wire.CodeUnavailable || !shown.Retryable || shown.RetryAfterMS != 1000 {
		t.Errorf("%s: %v", what, err)
	}
	if strings.Contains(shown.Message, "SQLSTATE") || strings.Contains(shown.Message, "socket") {
		t.Errorf("%s: the client is told %q", what, shown.Message)
	}
}

func TestStoppedServerIsUnavailableUntilItIsBack(t *testing.T) {
	t.Parallel()
	server := pgtest.Server(t)
	if err := migrateQuietly(t.Context(), server.URL()); err != nil {
		t.Fatal(err)
	}
	db := openStore(t, server.URL())
	a := newThread(t, db, wire.NewID())

	begun, ended := make(chan struct{}), make(chan error)
	go func() { ended <- sleep(server.URL(), begun) }()
	<-begun
	if err := server.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	unavailable(t, "a running statement", <-ended)
	commit := &wire.Commit{ThreadID: a.Thread.ID, Owner: a.Owner, Fence: a.Fence, Seq: 1}
	for range 3 {
		unavailable(t, "commit", db.Commit(t.Context(), commit))
	}
	_, err := db.Activate(t.Context(), a.Thread.ID)
	unavailable(t, "activate", err)
	_, err = db.Page(t.Context(), wire.PageQuery{ThreadID: a.Thread.ID, Limit: 1})
	unavailable(t, "page", err)
	unavailable(t, "ping", db.Ping(t.Context()))
	_, err = Open(t.Context(), Options{URL: server.URL()})
	unavailable(t, "open", err)
	unavailable(t, "migrate", migrateQuietly(t.Context(), server.URL()))

	pgtest.Restart(t, server)
	err = db.Commit(t.Context(), commit)
	for range db.Stat().MaxConns() { // each broken connection left costs a caller one attempt at most
		if err == nil {
			break
		}
		unavailable(t, "commit", err)
		err = db.Commit(t.Context(), commit)
	}
	if err != nil {
		t.Fatalf("after the restart: %v", err)
	}
}

// sleep runs a statement without end on a connection of its own and closes begun
// when the server is at it.
func sleep(url string, begun chan struct{}) error {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return err
	}
	config.OnNotice = func(*pgconn.PgConn, *pgconn.Notice) { close(begun) }
	conn, err := pgx.ConnectConfig(context.Background(), config)
	if err != nil {
		return err
	}
	defer conn.Close(context.Background())
	_, err = conn.Exec(context.Background(), `DO $$ BEGIN RAISE NOTICE 'begun'; PERFORM pg_sleep(600); END $$`)
	return translate("sleep", err)
}

func TestStatementTimeout(t *testing.T) {
	t.Parallel()
	db, err := Open(t.Context(), Options{URL: pgtest.New(t), StatementTimeout: 300 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	_, err = db.pool.Exec(t.Context(), `SELECT pg_sleep(60)`)
	unavailable(t, "a statement without end", translate("sleep", err))
	if err := db.Ping(t.Context()); err != nil {
		t.Errorf("the connection is lost: %v", err)
	}
}

// A thread whose row somebody else holds does not hold up its caller for longer
// than half of the statement time-out.
func TestLockTimeout(t *testing.T) {
	t.Parallel()
	db, err := Open(t.Context(), Options{URL: pgtest.New(t), StatementTimeout: 500 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	a := newThread(t, db, wire.NewID())
	holder, err := db.pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Rollback(context.Background())
	if _, err := holder.Exec(t.Context(), lockThread, a.Thread.ID); err != nil {
		t.Fatal(err)
	}
	_, err = db.Activate(t.Context(), a.Thread.ID)
	unavailable(t, "activate", err)
	var fault *pgconn.PgError
	if !errors.As(err, &fault) || fault.Code != "55P03" {
		t.Errorf("the log does not tell what it waited for: %v", err)
	}
}

// Nobody waits for a connection without end, not even a caller that set no limit.
func TestFullPoolIsUnavailable(t *testing.T) {
	t.Parallel()
	db, err := Open(t.Context(), Options{URL: pgtest.New(t), MaxConns: 1, StatementTimeout: 250 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	only, err := db.pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer only.Release()
	unavailable(t, "ping", db.Ping(context.Background()))
	_, err = db.Page(context.Background(), wire.PageQuery{ThreadID: wire.NewID(), Limit: 1})
	unavailable(t, "page", err)
}

func TestObserveSeesEachOperation(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	seen := make(map[string]error)
	db, err := Open(t.Context(), Options{URL: pgtest.New(t), Observe: func(op string, d time.Duration, err error) {
		mu.Lock()
		defer mu.Unlock()
		if d < 0 {
			t.Errorf("%s took %v", op, d)
		}
		seen[op] = err
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	newThread(t, db, wire.NewID())
	before := db.Queries()
	_, want := db.Activate(t.Context(), wire.NewID())
	if trips := db.Queries() - before; trips != 1 {
		t.Errorf("an activation was %d round trips", trips)
	}
	mu.Lock()
	defer mu.Unlock()
	if err, ok := seen["create_thread"]; !ok || err != nil {
		t.Errorf("create_thread: seen %v, %v", ok, err)
	}
	if err := seen["fetch_thread"]; want == nil || !errors.Is(err, want) {
		t.Errorf("fetch_thread: seen %v, the caller got %v", err, want)
	}
}

func TestOpenRefusesBadAddress(t *testing.T) {
	t.Parallel()
	_, err := Open(t.Context(), Options{URL: "postgres://me:secret@host:notaport/"})
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("error %v", err)
	}
}

// TestUnsure: only a commit whose answer was lost may have been written.
func TestUnsure(t *testing.T) {
	t.Parallel()
	state := func(code string) error { return &pgconn.PgError{Code: code} }
	for _, c := range []struct {
		name  string
		op    string
		cause error
		want  bool
	}{
		{"answer lost", opCommit, io.ErrUnexpectedEOF, true},
		{"no time left", opCommit, context.DeadlineExceeded, true},
		{"backend ended", opCommit, state("57P01"), true},
		{"never connected", opCommit, &pgconn.ConnectError{}, false},
		{"lock timeout", opCommit, state("55P03"), false},
		{"a read", "fetch_messages", io.ErrUnexpectedEOF, false},
	} {
		if got := errors.Is(translate(c.op, c.cause), wire.ErrUnsure); got != c.want {
			t.Errorf("%s: unsure is %v, want %v", c.name, got, c.want)
		}
	}
}
