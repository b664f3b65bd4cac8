package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"recall/stress/emulator/services"
)

// signals ask a program to end.
var signals = []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP}

// runProgram runs a program that uses the services, and returns when it has ended:
// with an [*exec.ExitError] when it was not content. The services outlast it, so that
// what it does in its last seconds still has an answer.
func runProgram(ctx context.Context, command []string, server *services.Server, out, errs io.Writer) error {
	asked := make(chan os.Signal, len(signals))
	signal.Notify(asked, signals...) // before it starts, so that none gets lost
	defer signal.Stop(asked)
	program := exec.CommandContext(ctx, command[0], command[1:]...)
	program.Env = append(os.Environ(), environment(server)...)
	program.Stdout, program.Stderr = out, errs
	program.Cancel = func() error { return program.Process.Signal(syscall.SIGTERM) }
	// A terminal sends Ctrl-C to its whole group, and we would send it once more: for
	// many programs the second one means "at once". So it has a group of its own.
	program.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := program.Start(); err != nil {
		return fmt.Errorf("-run: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- program.Wait() }()
	for {
		select {
		case s := <-asked:
			_ = program.Process.Signal(forwarded(s)) // it may have ended just now
		case err := <-ended:
			return err
		}
	}
}

// forwarded is what the program is sent: a terminal that goes away asks it to end
// properly as well.
func forwarded(s os.Signal) os.Signal {
	if s == syscall.SIGHUP {
		return syscall.SIGTERM
	}
	return s
}

func environment(server *services.Server) (all []string) {
	for _, v := range server.Environment() {
		all = append(all, v[0]+"="+v[1])
	}
	return all
}

// exitCode is what we end with: the program's own code, as a shell would tell it.
func exitCode(err error) int {
	var exited *exec.ExitError
	if !errors.As(err, &exited) {
		return 1
	}
	if status, ok := exited.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return exited.ExitCode()
}
