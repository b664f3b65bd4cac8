package app

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"recall/persistence/embedded"
	"recall/server/config"

	"github.com/cenkalti/backoff/v4"
)

// database is where Postgres is: a configured one, or one of our own that is
// started again when it dies.
type database struct {
	url    string
	failed chan error // told once when our own cannot be kept running

	server *embedded.Server // nil for a configured one; keep's until stop has waited for it
	cancel context.CancelFunc
	watch  sync.WaitGroup
}

// openDatabase starts our own Postgres unless one is configured.
func openDatabase(ctx context.Context, cfg config.Config, log *slog.Logger) (*database, error) {
	d := &database{url: cfg.DatabaseURL, failed: make(chan error, 1), cancel: func() {}}
	if d.url != "" {
		return d, nil
	}
	options := embedded.Options{DataDir: cfg.DataDir, Logger: log}
	server, err := embedded.Start(ctx, options)
	if err != nil {
		return nil, err
	}
	d.server, d.url = server, server.URL()
	watched, cancel := context.WithCancel(context.Background())
	d.cancel = cancel
	d.watch.Go(func() { d.keep(watched, options, log) })
	return d, nil
}

// keep starts the server again whenever it dies. Its address stays the same, so
// that the pool finds it.
func (d *database) keep(ctx context.Context, options embedded.Options, log *slog.Logger) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.server.Done():
		}
		if ctx.Err() != nil {
			return
		}
		log.Error("the embedded Postgres has died; starting it again", slog.Any("error", d.server.Err()))
		if err := d.restart(ctx, options, log); err != nil {
			d.failed <- err
			return
		}
	}
}

func (d *database) restart(ctx context.Context, options embedded.Options, log *slog.Logger) error {
	return backoff.RetryNotify(func() error {
		server, err := embedded.Start(ctx, options)
		switch {
		case err == nil:
			d.server = server
		case errors.Is(err, embedded.ErrWrongVersion), errors.Is(err, embedded.ErrNotInstalled):
			return backoff.Permanent(err)
		}
		return err
	}, backoff.WithContext(backoff.NewExponentialBackOff(), ctx), func(err error, in time.Duration) {
		log.Warn("the embedded Postgres does not start", slog.Any("error", err), slog.String("retry_in", in.Round(time.Millisecond).String()))
	})
}

// stop ends our own server; a configured one is not ours to stop.
func (d *database) stop(ctx context.Context) error {
	d.cancel()
	d.watch.Wait()
	if d.server == nil {
		return nil
	}
	return d.server.Stop(ctx)
}
