package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/cenkalti/backoff/v4"
)

// stopOrphan ends a server of this cluster whose owner is gone. Only the holder
// of the ownership may call it. It never signals a process that it has not just
// recognised as the postmaster of this very cluster.
func stopOrphan(ctx context.Context, cluster string, log *slog.Logger) error {
	pid := postmasterPID(cluster)
	if pid <= 1 || !isPostmaster(pid, cluster) {
		return nil
	}
	log.Warn("stopping the postgres that an earlier process left behind", "pid", pid, "dir", cluster)
	steps := []struct {
		sig  syscall.Signal
		wait time.Duration
	}{{syscall.SIGINT, 4 * quitGrace}, {syscall.SIGQUIT, quitGrace}, {syscall.SIGKILL, quitGrace}}
	for _, step := range steps {
		if err := syscall.Kill(pid, step.sig); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("embedded postgres: stop orphan server %d: %w", pid, err)
		}
		err := awaitGone(ctx, pid, cluster, step.wait)
		if err == nil || ctx.Err() != nil {
			return err
		}
	}
	return fmt.Errorf("embedded postgres: orphan server %d of %s does not end", pid, cluster)
}

// awaitGone polls, because only a parent can wait for a process portably.
func awaitGone(ctx context.Context, pid int, cluster string, limit time.Duration) error {
	gone := func() error {
		if isPostmaster(pid, cluster) {
			return fmt.Errorf("embedded postgres: orphan server %d is still running", pid)
		}
		return nil
	}
	return backoff.Retry(gone, backoff.WithContext(pollPolicy(limit), ctx))
}

// pollPolicy starts at 5 ms and slows to 100 ms; limit 0 means no limit.
func pollPolicy(limit time.Duration) backoff.BackOff {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval, b.MaxInterval, b.MaxElapsedTime = 5*time.Millisecond, 100*time.Millisecond, limit
	b.Reset()
	return b
}

func pidFile(cluster string) string { return filepath.Join(cluster, "postmaster.pid") }

// postmasterPID is line 1 of the server's own lock file, or 0. Postgres writes
// a negative number there for a single-user session.
func postmasterPID(cluster string) int {
	text, err := os.ReadFile(pidFile(cluster))
	if err != nil {
		return 0
	}
	return pidIn(text)
}

func pidIn(text []byte) int {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	pid, _ := strconv.Atoi(string(bytes.TrimSpace(line)))
	return pid
}

// healPIDFile makes a leftover lock file harmless where its process id now
// belongs to a stranger: Postgres takes the id of its own parent for stale. The
// file itself must stay, because its other lines name the shared memory by
// which Postgres notices backends that outlived their postmaster.
func healPIDFile(cluster string) error {
	text, err := os.ReadFile(pidFile(cluster))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("embedded postgres: %w", err)
	}
	f, err := os.OpenFile(pidFile(cluster), os.O_WRONLY|os.O_TRUNC|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return fmt.Errorf("embedded postgres: %w", err)
	}
	_, err = f.Write(healed(text, os.Getpid()))
	return errors.Join(err, f.Close())
}

// healed replaces line 1 by pid and keeps the rest to the byte.
func healed(text []byte, pid int) []byte {
	_, rest, _ := bytes.Cut(text, []byte("\n"))
	return append(fmt.Appendf(nil, "%d\n", pid), rest...)
}
