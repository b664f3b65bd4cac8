package embedded

import (
	"context"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sys/unix"
)

func itoa(n int) string { return strconv.Itoa(n) }

func TestKilledOwnerTakesItsServerAlongAndLosesNothing(t *testing.T) {
	t.Parallel()
	dir := scratch(t)
	owner := startOwner(t, dir)
	keep(t, owner.url)
	owner.kill()
	if runtime.GOOS == "linux" { // elsewhere the next start stops it
		owner.awaitAllGone(t)
	}
	kept(t, start(t, dir).URL())
}

// The server may still be shutting down when the next owner comes.
func TestStartRightAfterKilledOwner(t *testing.T) {
	t.Parallel()
	dir := scratch(t)
	owner := startOwner(t, dir)
	keep(t, owner.url)
	owner.kill()
	kept(t, start(t, dir).URL())
}

// A free lock beside a running server is what kill -9 leaves on systems
// without a parent death signal.
func TestOrphanIsStoppedAndReplaced(t *testing.T) {
	t.Parallel()
	dir := scratch(t)
	orphan := start(t, dir)
	keep(t, orphan.URL())
	dropLock(t, orphan)
	next := start(t, dir)
	<-orphan.Done()
	if next.Pid() == orphan.Pid() {
		t.Fatal("the orphan was taken over")
	}
	kept(t, next.URL())
}

// dropLock plays the death of the owner: the kernel drops its locks.
func dropLock(t *testing.T, s *Server) {
	t.Helper()
	conn, err := s.own.file.SyscallConn() // Fd would race with watch, which closes the file
	check(t, err)
	var unlocked error
	check(t, conn.Control(func(fd uintptr) { unlocked = unix.Flock(int(fd), unix.LOCK_UN) }))
	check(t, unlocked)
}

// A pid in the old lock file may since belong to anybody.
func TestStalePIDFileOfAStrangerIsHealedAndTheStrangerSpared(t *testing.T) {
	t.Parallel()
	stranger := exec.Command("sleep", "600")
	check(t, stranger.Start())
	t.Cleanup(func() { _ = stranger.Process.Kill(); _ = stranger.Wait() })

	dir := scratch(t)
	s := start(t, dir)
	keep(t, s.URL())
	lines := pidFileLines(t, s)
	check(t, syscall.Kill(s.Pid(), syscall.SIGKILL))
	<-s.Done()
	lines[0] = itoa(stranger.Process.Pid)
	check(t, os.WriteFile(pidFile(s.layout.cluster()), []byte(strings.Join(lines, "\n")), 0o600))

	kept(t, start(t, dir).URL())
	if err := stranger.Process.Signal(syscall.Signal(0)); err != nil {
		t.Errorf("the stranger was killed: %v", err)
	}
}

// A crash between truncating and writing leaves an empty file, which Postgres
// by itself refuses.
func TestEmptyPIDFileIsHealed(t *testing.T) {
	t.Parallel()
	dir := scratch(t)
	s := start(t, dir)
	check(t, syscall.Kill(s.Pid(), syscall.SIGKILL))
	<-s.Done()
	check(t, os.Truncate(pidFile(s.layout.cluster()), 0))
	start(t, dir)
}

// A backend that is stuck when its postmaster dies holds the shared memory, and
// Postgres rightly refuses a second server until it is gone.
func TestStartWaitsForBackendsOfAKilledServer(t *testing.T) {
	t.Parallel()
	ctx, dir := context.Background(), scratch(t)
	s := start(t, dir)
	keep(t, s.URL())
	conn, err := pgx.Connect(ctx, s.URL())
	check(t, err)
	defer conn.Close(ctx)
	backend := int(conn.PgConn().PID())
	check(t, syscall.Kill(backend, syscall.SIGSTOP))
	wake := sync.OnceFunc(func() { _ = syscall.Kill(backend, syscall.SIGCONT) })
	defer wake()
	check(t, syscall.Kill(s.Pid(), syscall.SIGKILL))
	<-s.Done()

	refused := false
	opt := testOptions(dir)
	opt.Logger = slog.New(onMessage{"trying again", func() { refused = true; wake() }})
	next, err := Start(ctx, opt)
	check(t, err)
	defer stop(t, next)
	kept(t, next.URL())
	if !refused {
		t.Error("the start was not refused: this test no longer shows the retry")
	}
}

// onMessage is a log that calls do when a message contains text.
type onMessage struct {
	text string
	do   func()
}

func (onMessage) Enabled(context.Context, slog.Level) bool { return true }
func (h onMessage) WithAttrs([]slog.Attr) slog.Handler     { return h }
func (h onMessage) WithGroup(string) slog.Handler          { return h }
func (h onMessage) Handle(_ context.Context, r slog.Record) error {
	if strings.Contains(r.Message, h.text) {
		h.do()
	}
	return nil
}

func TestHealedPIDFileKeepsItsOtherLines(t *testing.T) {
	t.Parallel()
	cluster := t.TempDir()
	check(t, healPIDFile(cluster)) // none is fine
	check(t, os.WriteFile(pidFile(cluster), []byte("123\n/data\n456\n"), 0o600))
	check(t, healPIDFile(cluster))
	text, err := os.ReadFile(pidFile(cluster))
	check(t, err)
	if want := itoa(os.Getpid()) + "\n/data\n456\n"; string(text) != want {
		t.Errorf("healed to %q, want %q", text, want)
	}
}

func pidFileLines(t *testing.T, s *Server) []string {
	t.Helper()
	text, err := os.ReadFile(pidFile(s.layout.cluster()))
	check(t, err)
	return strings.Split(string(text), "\n")
}

func TestInterruptedInitdbIsRepeated(t *testing.T) {
	t.Parallel()
	dir := scratch(t)
	half := filepath.Join(dir, "postgres", "data.new")
	check(t, os.MkdirAll(half, 0o711))
	check(t, os.Chmod(filepath.Dir(half), 0o711))
	check(t, os.WriteFile(filepath.Join(half, "PG_VERSION"), []byte("15\n"), 0o600))
	s := start(t, dir)
	if _, err := os.Stat(s.layout.unborn()); !os.IsNotExist(err) {
		t.Errorf("leftover is still there: %v", err)
	}
}

// Ctrl-C goes to every process of the foreground job. The server must not be
// one of them, or clients would lose it before the owner has drained.
func TestInterruptOfTheJobDoesNotReachTheServer(t *testing.T) {
	t.Parallel()
	owner := startOwner(t, scratch(t))
	group, err := syscall.Getpgid(owner.pid)
	check(t, err)
	if job := owner.cmd.Process.Pid; group == job {
		t.Fatalf("server %d is in the owner's group %d", owner.pid, job)
	}
	check(t, syscall.Kill(-owner.cmd.Process.Pid, syscall.SIGINT))
	if line := owner.line(t); line != "interrupted" {
		t.Fatalf("owner said %q", line)
	}
	if query(t, owner.url, `select 'ok'`) != "ok" {
		t.Error("server does not answer")
	}
	check(t, owner.stdin.Close()) // now the owner stops it in order
	check(t, owner.cmd.Wait())
	owner.awaitAllGone(t)
}

func TestOtherMajorVersionIsRefusedAndLeftAlone(t *testing.T) {
	t.Parallel()
	dir := scratch(t)
	s := start(t, dir)
	keep(t, s.URL())
	stop(t, s)
	version := filepath.Join(s.layout.cluster(), "PG_VERSION")
	real, err := os.ReadFile(version)
	check(t, err)
	check(t, os.WriteFile(version, []byte("9.6\n"), 0o600))
	_, err = Start(context.Background(), testOptions(dir))
	wantText(t, err, ErrWrongVersion.Error(), "PostgreSQL 9", "nothing was changed", "pg_upgrade")
	check(t, os.WriteFile(version, real, 0o600))
	kept(t, start(t, dir).URL())
}

func TestForeignFilesAreNotTouched(t *testing.T) {
	t.Parallel()
	dir := scratch(t)
	cluster := filepath.Join(dir, "postgres", "data")
	check(t, os.MkdirAll(cluster, 0o711))
	check(t, os.WriteFile(filepath.Join(cluster, "letter.txt"), nil, 0o600))
	_, err := Start(context.Background(), testOptions(dir))
	wantText(t, err, cluster, "move it away")
}
