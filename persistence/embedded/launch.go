package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/cenkalti/backoff/v4"
)

// retryLimit is how long a start is repeated while backends of a crashed server
// still hold its shared memory. They end when they next look up from their
// query; longer than this and somebody should look.
const retryLimit = 15 * time.Second

// launch runs the server until it is ready, in as many attempts as needed.
func (s *Server) launch(ctx context.Context, inst installation, acc *account, logFile *os.File) error {
	attempt := func() error {
		start := logEnd(logFile)
		err := s.attempt(ctx, inst, acc, logFile)
		if err == nil {
			return nil
		}
		said := logSince(logFile, start)
		if errors.Is(err, errEnded) {
			err = fmt.Errorf("embedded postgres: %w: %s (see %s)", errEnded, reasonIn(said), logFile.Name())
		}
		if !heldByOldBackends(said) {
			return backoff.Permanent(err)
		}
		return err
	}
	again := func(err error, in time.Duration) {
		s.log.Warn("embedded postgres is refused, trying again", slog.Any("error", err), slog.String("retry_in", in.Round(time.Millisecond).String()))
	}
	return backoff.RetryNotify(attempt, backoff.WithContext(retryPolicy(), ctx), again)
}

func heldByOldBackends(log string) bool {
	return strings.Contains(log, "pre-existing shared memory block")
}

func retryPolicy() backoff.BackOff {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval, b.MaxInterval, b.MaxElapsedTime = 100*time.Millisecond, 2*time.Second, retryLimit
	b.Reset()
	return b
}

// attempt starts the child once. A child that did not become ready is gone when
// it returns.
func (s *Server) attempt(ctx context.Context, inst installation, acc *account, logFile *os.File) error {
	socketDir := s.layout.socketDir
	cmd := exec.Command(inst.postgres(), serverArgs(s.layout.cluster(), socketDir, s.opt.ExtraSettings)...)
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = environment(), "/", logFile, logFile
	p, err := spawn(cmd, acc, syscall.SIGINT)
	if err != nil {
		return err
	}
	if err := setUp(ctx, p, socketDir); err != nil {
		_ = p.force(ctx) // err already says why
		return err
	}
	s.proc = p
	return nil
}

func setUp(ctx context.Context, p *process, socketDir string) error {
	conn, err := awaitReady(ctx, p, socketDir)
	if err != nil {
		return err
	}
	err = ensureDatabase(ctx, conn)
	return errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
}
