package embedded

import (
	"context"
	"fmt"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// quitGrace is how long each harder signal gets before the next.
const quitGrace = 5 * time.Second

// process is a child whose life is tied to ours. One goroutine owns cmd from
// start to wait; others may read err after done is closed.
type process struct {
	cmd  *exec.Cmd
	done chan struct{}
	err  error
}

// spawn starts cmd so that it dies with us. The kernel ties the death signal
// to the thread that forked, not to the process, and the Go runtime ends idle
// threads: so one goroutine keeps its thread for as long as the child lives.
func spawn(cmd *exec.Cmd, acc *account, onOurDeath syscall.Signal) (*process, error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Credential: acc.credential(),
		Setsid:     true, // Ctrl-C in the terminal is for us; we then stop the child in order
	}
	dieWithParent(cmd.SysProcAttr, onOurDeath)
	p := &process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error, 1)
	go p.run(started)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("embedded postgres: start %s: %w", cmd.Path, err)
	}
	return p, nil
}

func (p *process) run(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	started <- err
	if err != nil {
		return
	}
	p.err = p.cmd.Wait()
	close(p.done)
}

func (p *process) pid() int { return p.cmd.Process.Pid }

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// stop asks for a fast shutdown (SIGINT: clients are disconnected, a checkpoint
// is written; SIGTERM would wait for the clients), then, past the deadline of
// ctx, for an immediate one, then kills. An error says that force was needed:
// the data is safe then, but the next start has to recover it.
func (p *process) stop(ctx context.Context) error {
	if ctx.Err() == nil {
		p.signal(syscall.SIGINT)
		select {
		case <-p.done:
			return nil
		case <-ctx.Done():
		}
	}
	return p.force(ctx)
}

func (p *process) force(ctx context.Context) error {
	if p.ended() {
		return nil
	}
	timer := time.NewTimer(quitGrace)
	defer timer.Stop()
	p.signal(syscall.SIGQUIT)
	select {
	case <-p.done:
	case <-timer.C:
		p.signal(syscall.SIGKILL)
		<-p.done
	}
	return fmt.Errorf("embedded postgres: stopped by force: %w", context.Cause(ctx))
}

// signal ignores the one possible error, that the child has ended already.
func (p *process) signal(sig syscall.Signal) { _ = p.cmd.Process.Signal(sig) }
