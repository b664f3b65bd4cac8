package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// build builds the server once and returns its path.
func build(ctx context.Context, dir string) (string, error) {
	path := filepath.Join(dir, "recall")
	out, err := exec.CommandContext(ctx, "go", "build", "-o", path, "recall/server").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("building the server (run this in the project's folder): %w\n%s", err, out)
	}
	return path, nil
}

// folder makes a temporary data directory that an embedded Postgres can use also
// when we are root.
func folder() (path string, remove func(), err error) {
	path, err = os.MkdirTemp("", "recall-stress-")
	if err != nil {
		return "", nil, err
	}
	remove = func() { _ = os.RemoveAll(path) }
	return path, remove, os.Chmod(path, 0o755) //nolint:gosec // Postgres runs as another user then
}

// process is a running server.
type process struct {
	cmd   *exec.Cmd
	base  string        // host:port
	ready time.Duration // from the start of the process to taking connections
}

// serve starts a server on a free port and waits until it is ready.
func serve(ctx context.Context, path, dataDir string, env ...string) (*process, error) {
	cmd := exec.CommandContext(ctx, path, "--listen", "127.0.0.1:0", "--data-dir", dataDir, "--log-level", "error")
	cmd.Env = append(os.Environ(), env...)
	cmd.Stderr = os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, address, ok := strings.Cut(lines.Text(), "http://"); ok {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return &process{cmd: cmd, base: address, ready: time.Since(start)}, nil
		}
	}
	return nil, fmt.Errorf("the server did not get ready: %w", cmd.Wait())
}

func (p *process) http() string { return "http://" + p.base }
func (p *process) ws() string   { return "ws://" + p.base }

// stop ends the server as a process manager would.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return p.cmd.Wait()
}
