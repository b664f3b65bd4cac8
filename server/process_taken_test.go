package main

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The program as it is run: what signals, crashes and taken places do to it.
func TestProcess(t *testing.T) {
	t.Parallel()
	bin := build(t)
	for name, test := range map[string]func(*testing.T, string){
		"port taken": portTaken, "data directory taken": dataTaken, "kill -9": killed,
		"SIGTERM": terminated, "SIGTERM twice": terminatedTwice, "Ctrl-C": interrupted,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, bin)
		})
	}
}

// An address that is taken is told at once, before anything is started.
func portTaken(t *testing.T, bin string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	defer func() { _ = l.Close() }()
	r := &running{t: t, dir: dataDir(t)}
	r.command(bin, "--listen", l.Addr().String())
	if err := r.cmd.Run(); err == nil || r.cmd.ProcessState.ExitCode() != exitFailed {
		t.Errorf("ended with %v", err)
	}
	if !strings.Contains(r.said(), l.Addr().String()) || !strings.Contains(r.said(), "--listen (RECALL_LISTEN): listen tcp") || !strings.Contains(r.said(), "address already in use; choose another one") {
		t.Errorf("it said %s", r.said())
	}
	if _, err := os.Stat(filepath.Join(r.dir, "postgres")); err == nil {
		t.Error("a database was made for nothing")
	}
}

// A second program on the same data directory is refused, and the first goes on.
func dataTaken(t *testing.T, bin string) {
	first := launch(t, bin, dataDir(t))
	second := &running{t: t, dir: first.dir}
	second.command(bin, "--listen", "127.0.0.1:0")
	if err := second.cmd.Run(); err == nil || second.cmd.ProcessState.ExitCode() != exitFailed {
		t.Errorf("ended with %v", err)
	}
	if !strings.Contains(second.said(), first.dir) {
		t.Errorf("it said %s", second.said())
	}
	if first.ready() != http.StatusOK {
		t.Error("the first one is not ready any more")
	}
	check(t, first.cmd.Process.Signal(os.Interrupt))
	if state := first.end(); state.ExitCode() != 0 || !strings.Contains(first.said(), `"msg":"stopped"`) {
		t.Errorf("ended with %s\n%s", state, first.said())
	}
}
