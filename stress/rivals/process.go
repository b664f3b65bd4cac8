package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	heapMetric  = "go_memstats_heap_inuse_bytes"
	stackMetric = "go_memstats_stack_inuse_bytes"
)

// build builds Recall's server.
func build(ctx context.Context, root, to string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-o", to, "./server") //nolint:gosec // our own arguments
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building the server in %s: %w\n%s", root, err, out)
	}
	return nil
}

// process is a running rival.
type process struct {
	cmd         *exec.Cmd
	base, debug string // host:port
}

// start starts a rival and waits until it takes connections.
func start(ctx context.Context, r rival, env ...string) (*process, error) {
	debug, err := freePort(ctx)
	if err != nil {
		return nil, err
	}
	program, args, more := r.command(debug)
	cmd := exec.CommandContext(ctx, program, args...) //nolint:gosec // our own arguments
	cmd.Env, cmd.Stderr = append(append(os.Environ(), more...), env...), os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, address, ok := strings.Cut(lines.Text(), "http://"); ok {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return &process{cmd: cmd, base: address, debug: debug}, nil
		}
	}
	return nil, fmt.Errorf("the server did not get ready: %w", cmd.Wait())
}

func freePort(ctx context.Context) (string, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	_ = p.cmd.Wait()
}

// memory of a process, in bytes.
type memory struct{ live, rss float64 }

// memory forces two collections, so that what finalizers and pools held is gone too.
func (p *process) memory(ctx context.Context) (m memory, err error) {
	for range 2 {
		if _, err := get(ctx, "http://"+p.debug+"/debug/pprof/heap?gc=1"); err != nil {
			return m, err
		}
	}
	text, err := get(ctx, "http://"+p.base+"/metrics")
	if err != nil {
		return m, err
	}
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		if name == heapMetric || name == stackMetric {
			v, err := strconv.ParseFloat(value, 64)
			if err != nil {
				return m, fmt.Errorf("%s: %w", name, err)
			}
			m.live += v
		}
	}
	m.rss, err = residentOf(p.cmd.Process.Pid)
	return m, err
}

func get(ctx context.Context, url string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s: %s", url, resp.Status)
	}
	text, err := io.ReadAll(resp.Body)
	return string(text), err
}

// residentOf is the second number of /proc/PID/statm, in pages (Linux).
func residentOf(pid int) (float64, error) {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "statm"))
	if err != nil {
		return 0, err
	}
	var size, resident float64
	_, err = fmt.Sscan(string(text), &size, &resident)
	return resident * float64(os.Getpagesize()), err
}

// cpu is the user and system time that a process has taken (Linux). Recall's Postgres is
// another process: messages of this comparison do not reach it.
func (p *process) cpu() (time.Duration, error) {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(p.cmd.Process.Pid), "stat"))
	if err != nil {
		return 0, err
	}
	const user, system, tick = 11, 12, 10 * time.Millisecond // fields behind the name
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	if len(fields) <= system {
		return 0, fmt.Errorf("%q is no stat of a process", text)
	}
	u, errUser := strconv.Atoi(fields[user])
	s, errSystem := strconv.Atoi(fields[system])
	if errUser != nil || errSystem != nil {
		return 0, fmt.Errorf("%q is no stat of a process", text)
	}
	return time.Duration(u+s) * tick, nil
}
