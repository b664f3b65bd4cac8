package embedded

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"
)

// ownerEnv makes this test binary a small program that owns the server of the
// named data directory, so that tests can kill a real owner.
const ownerEnv = "RECALL_TEST_OWNER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(ownerEnv); dir != "" {
		os.Exit(ownerMain(dir))
	}
	goleak.VerifyTestMain(m)
}

// ownerMain prints "PID URL" once the server is ready, answers each SIGINT with
// one line, and stops in order when its standard input ends.
func ownerMain(dir string) int {
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	ctx := context.Background()
	s, err := Start(ctx, testOptions(dir))
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println(s.Pid(), s.URL())
	go func() {
		for range interrupts {
			fmt.Println("interrupted")
		}
	}()
	_, _ = io.Copy(io.Discard, os.Stdin)
	if err := s.Stop(ctx); err != nil {
		return 1
	}
	return 0
}

// ownerProcess is the other side of ownerMain.
type ownerProcess struct {
	cmd   *exec.Cmd
	lines *bufio.Reader
	stdin io.Closer
	// allGone ends when the owner and every descendant have ended: they all
	// inherit the writing end of this pipe.
	allGone *os.File
	pid     int
	url     string
}

func startOwner(t *testing.T, dir string) *ownerProcess {
	t.Helper()
	alive, inherited, err := os.Pipe()
	check(t, err)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), ownerEnv+"="+dir)
	cmd.Stderr = os.Stderr
	cmd.ExtraFiles = []*os.File{inherited}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a job of its own, as in a terminal
	stdin, err := cmd.StdinPipe()
	check(t, err)
	stdout, err := cmd.StdoutPipe()
	check(t, err)
	check(t, cmd.Start())
	check(t, inherited.Close())
	o := &ownerProcess{cmd: cmd, lines: bufio.NewReader(stdout), stdin: stdin, allGone: alive}
	t.Cleanup(func() { o.kill(); _ = alive.Close() })
	if line := o.line(t); !scan(line, &o.pid, &o.url) {
		t.Fatalf("owner process: %s", line)
	}
	return o
}

func scan(line string, to ...any) bool {
	n, _ := fmt.Sscan(line, to...)
	return n == len(to)
}

func (o *ownerProcess) line(t *testing.T) string {
	t.Helper()
	line, err := o.lines.ReadString('\n')
	check(t, err)
	return strings.TrimSpace(line)
}

func (o *ownerProcess) kill() {
	_ = o.cmd.Process.Kill()
	_ = o.cmd.Wait()
}

// awaitAllGone returns when no process of the owner is left.
func (o *ownerProcess) awaitAllGone(t *testing.T) {
	t.Helper()
	check(t, o.allGone.SetReadDeadline(time.Now().Add(time.Minute)))
	if _, err := o.allGone.Read(make([]byte, 1)); err != io.EOF {
		t.Fatalf("a child outlived its owner: %v", err)
	}
}

// scratch is a folder that the unprivileged user can reach (t.TempDir is not,
// for root), in memory where the system has that.
func scratch(t testing.TB) string {
	t.Helper()
	base := ""
	if unixWritable("/dev/shm") {
		base = "/dev/shm"
	}
	dir, err := os.MkdirTemp(base, "recall-embedded-")
	check(t, err)
	check(t, os.Chmod(dir, 0o711))
	t.Cleanup(func() {
		check(t, Remove(context.Background(), dir))
		check(t, os.RemoveAll(dir))
	})
	return dir
}

func unixWritable(dir string) bool { return syscall.Access(dir, 2|1) == nil }

func testOptions(dir string) Options {
	return Options{
		DataDir:       dir,
		Logger:        slog.New(slog.DiscardHandler),
		ExtraSettings: map[string]string{"fsync": "off"},
	}
}

func start(t testing.TB, dir string) *Server {
	t.Helper()
	s, err := Start(context.Background(), testOptions(dir))
	check(t, err)
	t.Cleanup(func() { _ = s.Stop(context.Background()) })
	return s
}

func stop(t testing.TB, s *Server) {
	t.Helper()
	check(t, s.Stop(context.Background()))
}

// query runs one statement on a connection of its own and returns its one value.
func query(t testing.TB, url, sql string) string {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, url)
	check(t, err)
	defer conn.Close(ctx)
	var value string
	check(t, conn.QueryRow(ctx, sql).Scan(&value))
	return value
}

// keep writes a row that a later kept must find.
func keep(t testing.TB, url string) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, url)
	check(t, err)
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, `create table kept (word text); insert into kept values ('still here')`)
	check(t, err)
}

func kept(t testing.TB, url string) {
	t.Helper()
	if word := query(t, url, `select word from kept`); word != "still here" {
		t.Fatalf("row reads %q", word)
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
