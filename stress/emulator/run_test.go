package main

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
)

// playing says which part the test's own binary plays when a test starts it.
const playing = "EMULATOR_TEST_PLAYS"

// programWithServices uses a service, waits until it is asked to end, and tells how.
func programWithServices() int {
	asked := make(chan os.Signal, 4)
	signal.Notify(asked, signals...)
	resp, err := http.Get(os.Getenv("RECALL_LYRICS_URL") + "/v1/Toto/Africa") //nolint:noctx // it is a program's own main
	if err != nil {
		fmt.Println("failed:", err)
		return 1
	}
	_ = resp.Body.Close()
	fmt.Println("program:", resp.StatusCode, strings.Join(os.Args[1:], " "))
	got := <-asked
	fmt.Println("asked:", got)
	if got == os.Interrupt {
		return 7
	}
	return 0
}

// emulatorWith starts an emulator process that runs the program, and reads what it
// prints until the program is at work.
func emulatorWith(t *testing.T) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	emulator := exec.CommandContext(t.Context(), "sh", "-c",
		playing+`=emulator exec "$0" -listen 127.0.0.1:0 -latency 0 -run /usr/bin/env `+playing+`=program "$0" one two`, self)
	out, err := emulator.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := emulator.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = emulator.Process.Kill(); _ = emulator.Wait() })
	lines := bufio.NewScanner(out)
	if !lines.Scan() || !strings.HasPrefix(lines.Text(), "The services play at http://") {
		t.Fatalf("first line: %q", lines.Text())
	}
	if !lines.Scan() || lines.Text() != "program: 200 one two" {
		t.Fatalf("the program: %q", lines.Text())
	}
	return emulator, lines
}

// The signal is passed on as it came, the services end with the program, and its
// exit code is ours.
func TestRunsAProgramAndEndsWithIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		sent  syscall.Signal
		heard string
		code  int
	}{
		{syscall.SIGINT, "asked: interrupt", 7},
		{syscall.SIGTERM, "asked: terminated", 0},
		{syscall.SIGHUP, "asked: terminated", 0},
	} {
		t.Run(c.sent.String(), func(t *testing.T) {
			t.Parallel()
			emulator, lines := emulatorWith(t)
			if err := emulator.Process.Signal(c.sent); err != nil {
				t.Fatal(err)
			}
			if !lines.Scan() || lines.Text() != c.heard {
				t.Errorf("the program was told %q, not %q", lines.Text(), c.heard)
			}
			_ = emulator.Wait()
			if code := emulator.ProcessState.ExitCode(); code != c.code {
				t.Errorf("ended with %d, not %d", code, c.code)
			}
		})
	}
}

// A program that cannot be started is our fault, and said so.
func TestSaysThatAProgramCannotBeStarted(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	err := run(t.Context(), []string{"-listen", "127.0.0.1:0", "-run", "./no-such-program"}, &out, &out)
	if err == nil || !strings.Contains(err.Error(), "-run") || exitCode(err) != 1 {
		t.Errorf("%v, code %d", err, exitCode(err))
	}
}
