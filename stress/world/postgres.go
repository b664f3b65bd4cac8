package world

import (
	"context"
	"syscall"

	"recall/persistence/embedded"
)

// StartPostgres brings up the database of this world; with one that runs it does nothing.
func (w *World) StartPostgres(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.postgres != nil {
		return nil
	}
	s, err := embedded.Start(ctx, embedded.Options{DataDir: w.options.Dir, Logger: w.options.Log, ExtraSettings: w.options.Postgres})
	if err == nil {
		w.postgres, w.database = s, s.URL()
	}
	return err
}

// StopPostgres shuts the database down as an administrator would: its clients are cut
// off, and nothing that was acknowledged is lost.
func (w *World) StopPostgres() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.postgres == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	err := w.postgres.Stop(ctx)
	w.postgres = nil
	return err
}

// KillPostgres ends the database with SIGKILL, as the kernel does when memory runs out. It
// returns when that has been noticed; the next start recovers from the log.
func (w *World) KillPostgres() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.postgres == nil {
		return nil
	}
	if err := syscall.Kill(w.postgres.Pid(), syscall.SIGKILL); err != nil {
		return err
	}
	<-w.postgres.Done()
	w.postgres = nil
	return nil
}

// RestartPostgres stops the database and starts it on the same data and at the same
// address.
func (w *World) RestartPostgres(ctx context.Context) error {
	if err := w.StopPostgres(); err != nil {
		return err
	}
	return w.StartPostgres(ctx)
}

// DatabaseURL is the connection string, the same over restarts.
func (w *World) DatabaseURL() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.database
}
