package main

import (
	"bufio"
	"bytes"
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"recall/persistence/embedded"
)

// patience is how long a test waits for what must come.
const patience = 30 * time.Second

// running is the real program with an embedded Postgres.
type running struct {
	t      *testing.T
	ctx    context.Context
	dir    string // of data
	cmd    *exec.Cmd
	url    string // of HTTP
	stderr *locked
	log    *bytes.Buffer
}

// build makes the program, with the race detector where the tests have it.
func build(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "recall")
	args := []string{"build", "-o", path}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "-race" && s.Value == "true" {
				args = append(args, "-race")
			}
		}
	}
	if out, err := exec.Command("go", append(args, ".")...).CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return path
}

// command prepares a run of the program in a process group of its own, with
// nothing of our environment but what a program needs.
func (r *running) command(bin string, args ...string) {
	r.log = new(bytes.Buffer)
	r.stderr = &locked{w: r.log}
	r.cmd = exec.Command(bin, append([]string{"--data-dir", r.dir, "--log-format", "json"}, args...)...)
	r.cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME")}
	r.cmd.Stderr = r.stderr
	r.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

// launch starts the program in dir and waits until it tells its address.
func launch(t *testing.T, bin, dir string) *running {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	r := &running{t: t, ctx: ctx, dir: dir}
	// A group of commits waits but shortly for a lock and goes another way then; these tests
	// stop a commit by one.
	r.command(bin, "--listen", "127.0.0.1:0", "--no-batching")
	out, err := r.cmd.StdoutPipe()
	check(t, err)
	check(t, r.cmd.Start())
	t.Cleanup(func() { _ = r.cmd.Process.Kill() }) // it has ended, or the test has failed
	line, _ := bufio.NewReader(out).ReadString('\n')
	_, r.url, _ = strings.Cut(strings.TrimSpace(line), "ready: ")
	if !strings.HasPrefix(r.url, "http://127.0.0.1:") {
		t.Fatalf("it said %q\n%s", line, r.said())
	}
	return r
}

func (r *running) said() string {
	r.stderr.mu.Lock()
	defer r.stderr.mu.Unlock()
	return r.log.String()
}

// end waits for the end and returns its state; no Postgres may be left.
func (r *running) end() *os.ProcessState {
	r.t.Helper()
	postgres := r.postgres()
	_ = r.cmd.Wait() // the state says it all
	eventually(r.ctx, r.t, "the end of Postgres", func() bool {
		return postgres == 0 || syscall.Kill(postgres, 0) == syscall.ESRCH
	})
	return r.cmd.ProcessState
}

// postgres is the process id of the embedded server.
func (r *running) postgres() (pid int) {
	r.t.Helper()
	text, err := os.ReadFile(filepath.Join(r.dir, "postgres", "data", "postmaster.pid"))
	if err != nil {
		return 0
	}
	for _, digit := range bytes.TrimSpace(bytes.SplitN(text, []byte("\n"), 2)[0]) {
		pid = pid*10 + int(digit-'0')
	}
	return pid
}

// database opens a connection beside the program's own.
func (r *running) database() *pgx.Conn {
	r.t.Helper()
	url, err := embedded.Attach(r.ctx, r.dir)
	check(r.t, err)
	conn, err := pgx.Connect(r.ctx, url)
	check(r.t, err)
	r.t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func count(ctx context.Context, t *testing.T, conn *pgx.Conn, sql string, args ...any) (n int) {
	t.Helper()
	check(t, conn.QueryRow(ctx, sql, args...).Scan(&n))
	return n
}

// ready is the status of /readyz, 0 when nobody answers.
func (r *running) ready() int {
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get(r.url + "/readyz")
	if err != nil {
		return 0
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

// eventually waits for what no frame and no signal tells of.
func eventually(ctx context.Context, t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%s: not in time", what)
		}
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
