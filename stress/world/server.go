package world

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// Server is a server process.
type Server struct {
	*process
	address string // host:port
	log     string // file of its standard error

	// Ready is how long it took from the start of the process to taking connections.
	Ready time.Duration
}

// Serve starts a server on a free port and returns when it takes connections. env are
// further settings, NAME=value, which win over those of the world and of the harness'
// own environment. ctx bounds the start only.
func (w *World) Serve(ctx context.Context, env ...string) (*Server, error) {
	s := &Server{log: w.path(fmt.Sprintf("server-%d.log", w.started.Add(1)))}
	cmd := exec.Command(w.options.Programs.Server, "--listen", "127.0.0.1:0") //nolint:gosec,noctx // our own program, ended by Close
	cmd.Env = append(w.environment(), env...)
	begin := time.Now()
	var err error
	s.process, err = launch(ctx, cmd, s.log, func(line string) (ready bool) {
		_, s.address, ready = strings.Cut(line, "ready: http://")
		s.Ready = time.Since(begin)
		return ready
	})
	if err != nil {
		said, _ := s.Warnings()
		return nil, fmt.Errorf("%w\n%s", err, strings.Join(said, "\n"))
	}
	w.mu.Lock()
	w.servers = append(w.servers, s)
	w.mu.Unlock()
	return s, nil
}

// environment is what every server here is started with.
func (w *World) environment() []string {
	return append(append(os.Environ(), w.emulator.environment...),
		"DATABASE_URL="+w.DatabaseURL(), "RECALL_JWT_SECRET="+w.secret, "RECALL_DATA_DIR="+w.path("media"),
		"RECALL_LOG_FORMAT=json", "RECALL_LOG_LEVEL=warn")
}

// HTTP is the address of everything but the socket, such as http://127.0.0.1:4711.
func (s *Server) HTTP() string { return "http://" + s.address }

// WS is the address that device.Dial takes.
func (s *Server) WS() string { return "ws://" + s.address }

// PID is the process id.
func (s *Server) PID() int { return s.pid() }

// Signal sends a signal and returns at once.
func (s *Server) Signal(sig os.Signal) error { return s.signal(sig) }

// Wait returns when the process has ended: nil when it ended in order (exit code 0).
func (s *Server) Wait() error { return s.wait() }

// Stop ends the server as a process manager would, with SIGTERM, and waits. It takes as
// long as the server's drain.
func (s *Server) Stop() error { return s.end(syscall.SIGTERM) }

// Kill ends the server with SIGKILL, as the kernel does when memory runs out, and waits.
func (s *Server) Kill() error {
	err := s.end(syscall.SIGKILL)
	if killed := (*exec.ExitError)(nil); errors.As(err, &killed) {
		return nil
	}
	return err
}

// Running tells whether the process has not ended.
func (s *Server) Running() bool { return s.running() }

// Live says whether the server answers at /healthz, and Ready to serve at /readyz.
func (s *Server) Live(ctx context.Context) error { return s.get(ctx, "/healthz", nil) }

// Serving is an error while the server drains or has no database (/readyz).
func (s *Server) Serving(ctx context.Context) error { return s.get(ctx, "/readyz", nil) }

// Stats decodes /v1/stats into what the caller wants of it.
func (s *Server) Stats(ctx context.Context, into any) error { return s.get(ctx, "/v1/stats", into) }

func (s *Server) get(ctx context.Context, path string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.HTTP()+path, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", path, resp.Status)
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(resp.Body).Decode(into)
}

// Warnings are the lines of the log so far of level WARN and above, as JSON.
func (s *Server) Warnings() (lines []string, err error) {
	file, err := os.Open(s.log)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	all := bufio.NewScanner(file)
	all.Buffer(nil, 1<<20) // a stack trace is one line
	for all.Scan() {
		lines = append(lines, all.Text()) // the server logs nothing below
	}
	return lines, all.Err()
}
