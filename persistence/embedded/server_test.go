package embedded

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestColdThenWarmStartKeepsData(t *testing.T) {
	t.Parallel()
	dir := scratch(t)
	first := start(t, dir)
	keep(t, first.URL())
	stop(t, first)
	second := start(t, dir)
	kept(t, second.URL())
	if first.URL() != second.URL() {
		t.Errorf("URL changed from %s to %s", first.URL(), second.URL())
	}
}

func TestServerIsPrivateAndModest(t *testing.T) {
	t.Parallel()
	s := start(t, scratch(t))
	for sql, want := range map[string]string{
		`show listen_addresses`:   "",
		`show synchronous_commit`: "on",
		`show server_encoding`:    "UTF8",
		`select current_user`:     "recall",
		`select rolsuper::text || rolcreatedb::text from pg_roles where rolname = current_user`: "falsetrue",
		`select pg_get_userbyid(datdba)::text from pg_database where datname = 'recall'`:        "recall",
		// Letters beyond ASCII have classes, bytes decide the order.
		`select lower('ÉÑЖ')`:      "éñж",
		`select ('Z' < 'a')::text`: "true",
	} {
		if got := query(t, s.URL(), sql); got != want {
			t.Errorf("%s: %q, want %q", sql, got, want)
		}
	}
	info, err := os.Stat(s.layout.socketDir)
	check(t, err)
	if info.Mode().Perm() != 0o700 {
		t.Errorf("socket directory is %v", info.Mode())
	}
}

func TestExtensionsOfTheSchemaCanBeMadeByTheRole(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, start(t, scratch(t)).URL())
	check(t, err)
	defer conn.Close(ctx)
	for _, name := range []string{"pg_trgm", "unaccent"} {
		_, err := conn.Exec(ctx, "create extension "+name)
		check(t, err)
	}
}

func TestSecondOwnerIsRefusedByName(t *testing.T) {
	t.Parallel()
	dir := scratch(t)
	owner := startOwner(t, dir)
	_, err := Start(context.Background(), testOptions(dir))
	if !errors.Is(err, ErrInUse) {
		t.Fatalf("second start: %v", err)
	}
	wantText(t, err, dir, "process "+itoa(owner.cmd.Process.Pid))
	if query(t, owner.url, `select 'ok'`) != "ok" {
		t.Error("the refused start disturbed the owner")
	}
	if err := Remove(context.Background(), dir); !errors.Is(err, ErrInUse) {
		t.Errorf("Remove under a living owner: %v", err)
	}
}

func TestStopLeavesNoProcessAndNoClientStopsIt(t *testing.T) {
	t.Parallel()
	dir := scratch(t)
	s := start(t, dir)
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, s.URL()) // SIGTERM would wait for this client
	check(t, err)
	defer conn.Close(ctx)
	stop(t, s)
	if err := syscall.Kill(s.Pid(), 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("postmaster after Stop: %v", err)
	}
	if _, err := os.Stat(pidFile(s.layout.cluster())); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("shutdown was not clean: %v", err)
	}
	if s.Err() != nil {
		t.Errorf("Err after Stop: %v", s.Err())
	}
	stop(t, s) // again is harmless
}

func TestStopPastItsDeadlineUsesForceAndKeepsData(t *testing.T) {
	t.Parallel()
	dir := scratch(t)
	s := start(t, dir)
	keep(t, s.URL())
	expired, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Stop(expired); !errors.Is(err, context.Canceled) {
		t.Errorf("Stop with an expired context: %v", err)
	}
	kept(t, start(t, dir).URL())
}

func TestUnexpectedDeathIsReported(t *testing.T) {
	t.Parallel()
	dir := scratch(t)
	s := start(t, dir)
	keep(t, s.URL())
	if s.Err() != nil {
		t.Fatalf("Err while running: %v", s.Err())
	}
	check(t, syscall.Kill(s.Pid(), syscall.SIGKILL))
	<-s.Done()
	wantText(t, s.Err(), "unexpectedly", "killed", "server.log")
	kept(t, start(t, dir).URL()) // the lock was given back, the crash is recovered
}

func TestStartGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	dir := scratch(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Start(ctx, testOptions(dir)); !errors.Is(err, context.Canceled) {
		t.Fatalf("start under a cancelled context: %v", err)
	}
	start(t, dir) // nothing is held or half made
}

func TestRefusedSettingsExplainThemselves(t *testing.T) {
	t.Parallel()
	opt := testOptions(scratch(t))
	opt.ExtraSettings = map[string]string{"port": "1"}
	_, err := Start(context.Background(), opt)
	wantText(t, err, "ExtraSettings", "port")
	opt.ExtraSettings = map[string]string{"fsync": "off", "shared_buffers": "nonsense"}
	_, err = Start(context.Background(), opt)
	wantText(t, err, "shared_buffers", "server.log")
}

func TestRemoveTakesOnlyTheDatabase(t *testing.T) {
	t.Parallel()
	dir := scratch(t)
	s := start(t, dir)
	neighbour := filepath.Join(dir, "secret")
	check(t, os.WriteFile(neighbour, []byte("x"), 0o600))
	stop(t, s)
	check(t, Remove(context.Background(), dir))
	if _, err := os.Stat(s.layout.home()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("database is still there: %v", err)
	}
	if _, err := os.Stat(neighbour); err != nil {
		t.Errorf("the neighbour went too: %v", err)
	}
}

func wantText(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q lacks %q", err, part)
		}
	}
}
