package pgtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/cenkalti/backoff/v4"

	"recall/persistence/embedded"
)

const (
	// reapVariable turns a test binary into the reaper of the folder it names.
	reapVariable = "RECALL_PGTEST_REAP"
	reapLimit    = 30 * time.Second
)

// reaper is the process that removes the scratch folder, and databases on a
// foreign server, when the test process has ended in whatever way.
type reaper struct {
	scratch string
	cmd     *exec.Cmd
	alive   io.Closer // the reaper waits for the end of this pipe
}

func startReaper() (*reaper, error) {
	scratch, err := makeScratch()
	if err != nil {
		return nil, fmt.Errorf("pgtest: %w", err)
	}
	self, err := os.Executable()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("pgtest: %w", err), os.RemoveAll(scratch))
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), reapVariable+"="+scratch)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // Ctrl-C is for the tests
	alive, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("pgtest: start reaper: %w", err), os.RemoveAll(scratch))
	}
	return &reaper{scratch: scratch, cmd: cmd, alive: alive}, nil
}

// finish tells the reaper that the tests are over and waits for its work.
func (r *reaper) finish() error {
	if err := errors.Join(r.alive.Close(), r.cmd.Wait()); err != nil {
		return fmt.Errorf("removing %s: %w", r.scratch, err)
	}
	return nil
}

// reap is the life of the reaper process; its result is the exit code.
func reap(scratch string) int {
	_, _ = io.Copy(io.Discard, os.Stdin) // ends with the test process
	ctx, cancel := context.WithTimeout(context.Background(), reapLimit)
	defer cancel()
	err := errors.Join(dropLeftDatabases(ctx, scratch), removeServers(ctx, scratch))
	if err == nil {
		err = os.RemoveAll(scratch)
	}
	if err != nil {
		return fail(err)
	}
	return 0
}

func removeServers(ctx context.Context, scratch string) error {
	dirs, err := filepath.Glob(filepath.Join(scratch, "*"))
	for _, dir := range dirs {
		err = errors.Join(err, removeServer(ctx, dir))
	}
	return err
}

// removeServer tries again while the dying test process still has its lock: the
// kernel closes the files of a process one after the other.
func removeServer(ctx context.Context, dir string) error {
	remove := func() error {
		err := embedded.Remove(ctx, dir)
		if err != nil && !errors.Is(err, embedded.ErrInUse) {
			return backoff.Permanent(err)
		}
		return err
	}
	b := backoff.NewExponentialBackOff(backoff.WithInitialInterval(5*time.Millisecond), backoff.WithMaxElapsedTime(reapLimit))
	return backoff.Retry(remove, backoff.WithContext(b, ctx))
}
