package app_test

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

	"go.uber.org/goleak"

	"recall/server/app"
	"recall/server/config"
)

// processVariable turns the test binary into the program, with its settings as JSON.
//
// Each program runs in a process of its own, because protoactor sets the logger
// of gRPC, which is one for the whole process, whenever a system starts: the
// race detector rightly does not like two of them side by side. It also lets
// tests kill a program. The child is as race-checked as the tests are.
const processVariable = "RECALL_TEST_PROCESS"

// throttles are clocks that protoactor starts and does not end with its system:
// one for the gossip, one for the log of dead letters.
var throttles = []goleak.Option{
	goleak.IgnoreTopFunction("github.com/asynkron/protoactor-go/cluster.(*Gossiper).StartGossiping.NewThrottle.func3.1"),
	goleak.IgnoreTopFunction("github.com/asynkron/protoactor-go/actor.NewDeadLetter.NewThrottle.func4.1"),
}

// serve is the life of the child: the program, until its standard input ends.
func serve(settings string) (code int) {
	cfg, err := unpack(settings)
	if err != nil {
		return fail(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	log := slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	if err := app.Serve(ctx, "test", cfg, log, func(addr string) { fmt.Println(addr) }); err != nil {
		return fail(err)
	}
	if err := goleak.Find(throttles...); err != nil {
		return fail(err)
	}
	return 0
}

func fail(err error) int {
	fmt.Fprintln(os.Stderr, err)
	return 1
}

func pack(t *testing.T, c config.Config) string {
	t.Helper()
	raw, err := json.Marshal(c)
	check(t, err)
	return string(raw)
}

func unpack(settings string) (c config.Config, err error) {
	err = json.Unmarshal([]byte(settings), &c)
	return c, err
}

// process is a running program.
type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	alive  io.Closer     // closing it asks the program to stop
	addr   chan string   // told once
	logged chan struct{} // closed when the log has ended
	once   sync.Once
}

func spawn(t *testing.T, cfg config.Config) *process {
	t.Helper()
	p := &process{t: t, cmd: exec.Command(os.Args[0]), addr: make(chan string, 1), logged: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), processVariable+"="+pack(t, cfg))
	var err error
	p.alive, err = p.cmd.StdinPipe()
	check(t, err)
	out, err := p.cmd.StdoutPipe()
	check(t, err)
	log, err := p.cmd.StderrPipe()
	check(t, err)
	check(t, p.cmd.Start())
	go p.read(out, log)
	return p
}

// read takes what the program says until it ends.
func (p *process) read(out, log io.Reader) {
	defer close(p.logged)
	line, _ := bufio.NewReader(out).ReadString('\n')
	p.addr <- line
	for lines := bufio.NewScanner(log); lines.Scan(); {
		p.judge(lines.Bytes())
	}
}

// judge shows what was logged with the test that it belongs to. An error is a
// fault of ours and fails it, and so does whatever is no log: a report of the
// race detector, a panic, a leak.
func (p *process) judge(line []byte) {
	var l struct{ Level, Msg string }
	if json.Unmarshal(line, &l) == nil && l.Level == "WARN" {
		p.t.Logf("%s", line)
		return
	}
	p.t.Errorf("the program said: %s", line)
}

// address waits until the program takes connections.
func (p *process) address(ctx context.Context) string {
	p.t.Helper()
	select {
	case line := <-p.addr:
		if line == "" {
			p.t.Fatal("the program did not start")
		}
		return string(bytes.TrimSpace([]byte(line)))
	case <-ctx.Done():
		p.t.Fatal("the program did not start in time")
		return ""
	}
}

// ask begins a stop.
func (p *process) ask() { _ = p.alive.Close() }

// stop stops the program and waits for its end, which must be a good one.
func (p *process) stop() {
	p.once.Do(func() {
		p.ask()
		<-p.logged
		if err := p.cmd.Wait(); err != nil {
			p.t.Errorf("the program ended with %v", err)
		}
	})
}

// kill ends the program as a crash of the machine does.
func (p *process) kill() {
	p.once.Do(func() {
		_ = p.cmd.Process.Kill()
		<-p.logged
		_ = p.cmd.Wait()
	})
}
