package browser_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"recall/server/app"
	"recall/server/config"
)

// processVariable turns the test binary into the program, with its settings as
// JSON. It runs in a process of its own because protoactor sets a logger that is
// one for the whole process whenever a system starts, which is a race as soon as
// two programs run side by side. The child is as race-checked as the tests are.
const processVariable = "RECALL_BROWSER_TEST_PROCESS"

// settings are what differs between the programs of these tests.
type settings struct {
	Listen, Database, Data string
	Services               *config.Services // nil: none
}

// serve is the life of the child: the program, until its standard input ends.
func serve(raw string) int {
	var s settings
	if err := json.Unmarshal([]byte(raw), &s); err != nil {
		return fail(err)
	}
	cfg := config.Default()
	cfg.Listen, cfg.DatabaseURL, cfg.DataDir = s.Listen, s.Database, s.Data
	if s.Services != nil {
		cfg.Services = *s.Services
	}
	cfg.StatementTimeout = time.Minute // a shut gate is not to look like a lost database
	cfg.ShedAfter = 10 * time.Minute   // nor a machine that is busy with tests like an overload
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	log := slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	if err := app.Serve(ctx, "test", cfg, log, func(addr string) { fmt.Println(addr) }); err != nil {
		return fail(err)
	}
	return 0
}

func fail(err error) int {
	fmt.Fprintln(os.Stderr, err)
	return 1
}

// program is a running child.
type program struct {
	t      *testing.T
	cmd    *exec.Cmd
	addr   string
	alive  io.Closer     // closing it asks the program to stop
	logged chan struct{} // closed when its log has ended
	once   sync.Once
}

// spawn starts a program and returns when it takes connections.
func spawn(ctx context.Context, t *testing.T, s settings) *program {
	t.Helper()
	raw, err := json.Marshal(s)
	check(t, err)
	p := &program{t: t, cmd: exec.Command(os.Args[0]), logged: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), processVariable+"="+string(raw))
	p.alive, err = p.cmd.StdinPipe()
	check(t, err)
	out, err := p.cmd.StdoutPipe()
	check(t, err)
	log, err := p.cmd.StderrPipe()
	check(t, err)
	check(t, p.cmd.Start())
	go p.read(log)
	address := make(chan []byte, 1)
	go func() {
		line, _ := bufio.NewReader(out).ReadBytes('\n') // an empty line tells that it did not start
		address <- bytes.TrimSpace(line)
	}()
	select {
	case line := <-address:
		p.addr = string(line)
	case <-ctx.Done():
	}
	if p.addr == "" {
		p.stop()
		t.Fatal("the program did not start")
	}
	return p
}

// read shows what the program logs. Warnings are no fault; an error is, and so is
// whatever is no log: a report of the race detector, a panic.
func (p *program) read(log io.Reader) {
	defer close(p.logged)
	for lines := bufio.NewScanner(log); lines.Scan(); {
		var l struct{ Level string }
		if json.Unmarshal(lines.Bytes(), &l) == nil && l.Level == "WARN" {
			p.t.Logf("the program warned: %s", lines.Bytes())
			continue
		}
		p.t.Errorf("the program said: %s", lines.Bytes())
	}
}

// stop stops the program as a deployment does, and waits for its good end.
func (p *program) stop() {
	p.once.Do(func() {
		_ = p.alive.Close()
		<-p.logged
		if err := p.cmd.Wait(); err != nil {
			p.t.Errorf("the program ended with %v", err)
		}
	})
}
