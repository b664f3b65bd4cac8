package world

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

// process is a program that lives no longer than the harness. One goroutine owns cmd
// from start to wait; err is for reading once done is closed.
type process struct {
	cmd  *exec.Cmd
	done chan struct{}
	err  error
}

// launch starts a program whose standard error is added to the file log, and returns
// when ready has accepted a line of its standard output. ctx bounds that wait only.
func launch(ctx context.Context, cmd *exec.Cmd, log string, ready func(line string) bool) (*process, error) {
	file, err := os.OpenFile(log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // the child has its own
	out, in, err := os.Pipe()           // StdoutPipe would be closed by Wait, perhaps before it is read
	if err != nil {
		return nil, err
	}
	cmd.Stdout, cmd.Stderr = in, file
	p, err := spawn(cmd)
	_ = in.Close()
	if err != nil {
		_ = out.Close()
		return nil, err
	}
	tooLate := context.AfterFunc(ctx, func() { _ = p.signal(syscall.SIGKILL) })
	found := await(out, ready)
	if !tooLate() || !found {
		_ = p.signal(syscall.SIGKILL)
		return nil, fmt.Errorf("%s did not get ready: %w (see %s)", cmd.Path, errors.Join(context.Cause(ctx), p.wait()), log)
	}
	return p, nil
}

// await reads until ready accepts a line, and leaves nobody who writes more waiting.
func await(out *os.File, ready func(string) bool) bool {
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if ready(lines.Text()) {
			go func() { _, _ = io.Copy(io.Discard, out); _ = out.Close() }()
			return true
		}
	}
	_ = out.Close()
	return false
}

// spawn ties the child to us. The kernel sends the death signal when the thread that
// forked ends, and Go ends idle threads: so one goroutine keeps its thread meanwhile.
func spawn(cmd *exec.Cmd) (*process, error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	p := &process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(p.done)
		err := cmd.Start()
		started <- err
		if err == nil {
			p.err = cmd.Wait()
		}
	}()
	return p, <-started
}

func (p *process) pid() int { return p.cmd.Process.Pid }

func (p *process) signal(s os.Signal) error { return p.cmd.Process.Signal(s) }

func (p *process) running() bool {
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

// wait is for the end: nil when the program was content.
func (p *process) wait() error {
	<-p.done
	return p.err
}

// end asks the process to end and waits for it. One that has ended is no error.
func (p *process) end(with os.Signal) error {
	if err := p.signal(with); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return p.wait()
}
