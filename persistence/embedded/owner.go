package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/cenkalti/backoff/v4"
	"golang.org/x/sys/unix"
)

// ErrInUse is in the chain of the error that Start and Remove return when a
// living process, which the text names, owns the data directory.
var ErrInUse = errors.New("data directory is in use")

const lockPatience = 250 * time.Millisecond

// ownership is a lock held by this process on the owner file. The kernel drops
// it when we end, however we end: so a taken lock means a living owner, and a
// free lock beside a running server means an orphan. The file is never removed,
// since a lock on a removed file guards nothing.
type ownership struct{ file *os.File }

func claim(ctx context.Context, l layout) (*ownership, error) {
	f, err := os.OpenFile(l.owner(), os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("embedded postgres: owner file: %w", err)
	}
	err = lock(ctx, f)
	if errors.Is(err, unix.EWOULDBLOCK) {
		err = fmt.Errorf("embedded postgres: %w: %s belongs to the running process %s; stop it or use another data directory",
			ErrInUse, l.dataDir, readOwner(f))
	} else if err == nil {
		err = writeOwner(f)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &ownership{file: f}, nil
}

// lock asks again for a moment before it gives up: a process that is being
// killed drops its locks a little after it was told to die.
func lock(ctx context.Context, f *os.File) error {
	take := func() error {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err != nil && !errors.Is(err, unix.EWOULDBLOCK) {
			return backoff.Permanent(fmt.Errorf("embedded postgres: lock owner file: %w", err))
		}
		return err
	}
	return backoff.Retry(take, backoff.WithContext(pollPolicy(lockPatience), ctx))
}

// readOwner is for people only; whether there is an owner is up to the lock.
func readOwner(f io.Reader) string {
	text, _ := io.ReadAll(io.LimitReader(f, 32))
	if pid := strings.TrimSpace(string(text)); pid != "" {
		return pid
	}
	return "(just starting)"
}

func writeOwner(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return fmt.Errorf("embedded postgres: owner file: %w", err)
	}
	if _, err := f.WriteAt(fmt.Appendf(nil, "%d\n", os.Getpid()), 0); err != nil {
		return fmt.Errorf("embedded postgres: owner file: %w", err)
	}
	return nil
}

// release lets the next owner in. It unlocks first, because closing alone drops
// the lock only with the last copy of the file, and a child that is just being
// forked elsewhere in this process has a copy until it executes its program.
func (o *ownership) release() {
	_ = unix.Flock(int(o.file.Fd()), unix.LOCK_UN)
	_ = o.file.Close()
}

// Remove deletes the cluster below dataDir and all that belongs to it, stopping
// an orphan server first. It refuses (ErrInUse) while a living process owns it,
// and leaves everything else in dataDir alone. Nothing there is not an error.
func Remove(ctx context.Context, dataDir string) error {
	l, err := existingLayout(dataDir)
	if err == nil {
		_, err = os.Stat(l.home())
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	own, err := claim(ctx, l)
	if err != nil {
		return err
	}
	defer own.release()
	if err := stopOrphan(ctx, l.cluster(), slog.New(slog.DiscardHandler)); err != nil {
		return err
	}
	return errors.Join(l.dropTemporarySocketDir(), os.RemoveAll(l.home()))
}

// dropTemporarySocketDir leaves nothing of ours in the temporary directory.
func (l layout) dropTemporarySocketDir() error {
	if l.socketDir == l.sockets() {
		return nil
	}
	return os.RemoveAll(l.socketDir)
}
