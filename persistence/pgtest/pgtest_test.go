package pgtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"
)

// disasterVariable picks what TestDisaster, run in a process of its own, does.
const disasterVariable = "RECALL_PGTEST_DISASTER"

func TestMain(m *testing.M) {
	os.Exit(Main(m, migrate, func() error { return goleak.Find() }))
}

func migrate(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `create table songs (title text)`)
	return errors.Join(err, conn.Close(ctx))
}

func TestEachTestHasItsOwnMigratedDatabase(t *testing.T) {
	t.Parallel()
	for range 4 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			url := New(t)
			exec1(t, url, `insert into songs values ('one')`)
			if n := query[int](t, url, `select count(*) from songs`); n != 1 {
				t.Errorf("%d songs: another test's row is here", n)
			}
		})
	}
}

func TestEmptyHasNoTables(t *testing.T) {
	t.Parallel()
	if !query[bool](t, Empty(t), `select to_regclass('songs') is null`) {
		t.Error("table songs exists")
	}
}

func TestDatabaseIsDroppedWithItsConnections(t *testing.T) {
	t.Parallel()
	witness := Empty(t)
	var forgotten *pgx.Conn
	var name string
	t.Run("user", func(t *testing.T) {
		url := New(t)
		name = query[string](t, url, `select current_database()::text`)
		var err error
		forgotten, err = pgx.Connect(context.Background(), url)
		check(t, err)
	})
	gone := fmt.Sprintf(`select not exists (select from pg_database where datname = '%s')`, name)
	if !query[bool](t, witness, gone) {
		t.Errorf("database %s is still there", name)
	}
	_ = forgotten.Close(context.Background())
}

func TestPrivateServerKeepsItsDataOverKillAndRestart(t *testing.T) {
	t.Parallel()
	s := Server(t)
	exec1(t, s.URL(), `create table kept (n int)`)
	check(t, syscall.Kill(s.Pid(), syscall.SIGKILL))
	next := Restart(t, s)
	if next.URL() != s.URL() {
		t.Errorf("URL changed from %s to %s", s.URL(), next.URL())
	}
	exec1(t, next.URL(), `insert into kept values (1)`)
}

func TestForeignServerMustBeAURL(t *testing.T) {
	t.Parallel()
	if _, err := parseServerURL("host=/tmp dbname=x"); err == nil || !strings.Contains(err.Error(), ServerVariable) {
		t.Errorf("error %v does not name %s", err, ServerVariable)
	}
}

// However a test process ends, nothing of it stays: no process, no folder.
func TestNothingIsLeftAfterADisaster(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"panic", "exit", "kill", "pass"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			scratch := runDisaster(t, kind)
			if _, err := os.Stat(scratch); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("%s: %v", scratch, err)
			}
		})
	}
}

// The same on a server that is not ours: the databases go.
func TestForeignServerIsUsedAndLeftClean(t *testing.T) {
	t.Parallel()
	s := Server(t)
	runDisaster(t, "kill", ServerVariable+"="+s.URL())
	const left = `select count(*) from pg_database where datname like 'recall\_test\_%'`
	if n := query[int](t, s.URL(), left); n != 0 {
		t.Errorf("%d databases left", n)
	}
}

// runDisaster runs TestDisaster in a child and returns its scratch folder when
// every process of it has ended: all of them hold the writing end of a pipe.
func runDisaster(t *testing.T, kind string, env ...string) (scratch string) {
	t.Helper()
	alive, inherited, err := os.Pipe()
	check(t, err)
	defer alive.Close()
	cmd := exec.Command(os.Args[0], "-test.run=^TestDisaster$", "-test.count=1")
	cmd.Env = append(append(os.Environ(), disasterVariable+"="+kind), env...)
	cmd.ExtraFiles = []*os.File{inherited}
	check(t, cmd.Start())
	check(t, inherited.Close())
	check(t, alive.SetReadDeadline(time.Now().Add(time.Minute)))
	said, err := io.ReadAll(alive)
	if err != nil {
		t.Fatalf("some process is still there: %v", err)
	}
	if err := cmd.Wait(); (err == nil) != (kind == "pass") {
		t.Errorf("child ended with %v", err)
	}
	if len(said) == 0 {
		t.Fatal("the child did not come to its disaster")
	}
	return string(said)
}

// TestDisaster is the child of runDisaster.
func TestDisaster(t *testing.T) {
	kind := os.Getenv(disasterVariable)
	if kind == "" {
		t.Skip("runs in a process of its own")
	}
	url := New(t)
	exec1(t, url, `insert into songs values ('one')`)
	if server := os.Getenv(ServerVariable); server != "" && hostOf(t, url) != hostOf(t, server) {
		t.Fatalf("database at %s, want it on %s", url, server)
	}
	Server(t)
	report := os.NewFile(3, "report")
	_, err := report.WriteString(current.reaping.scratch)
	check(t, err)
	switch kind {
	case "panic":
		panic("as wanted")
	case "exit":
		os.Exit(3)
	case "kill":
		check(t, syscall.Kill(os.Getpid(), syscall.SIGKILL))
	}
}

func hostOf(t *testing.T, url string) string {
	t.Helper()
	config, err := pgx.ParseConfig(url)
	check(t, err)
	return config.Host
}

func BenchmarkNew(b *testing.B) {
	New(b) // server and template are there
	s, err := current.shared()
	check(b, err)
	for b.Loop() {
		name, err := s.migrated()
		check(b, err)
		check(b, s.drop(name))
	}
}

func exec1(t testing.TB, url, sql string) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, url)
	check(t, err)
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql)
	check(t, err)
}

func query[T any](t testing.TB, url, sql string) (value T) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, url)
	check(t, err)
	defer conn.Close(ctx)
	check(t, conn.QueryRow(ctx, sql).Scan(&value))
	return value
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
