package persistence

import (
	"context"
	"log/slog"
	"time"

	"github.com/cenkalti/backoff/v4"
	"github.com/jackc/pgx/v5"
)

// leadLock is the advisory lock of the server that looks after what others left
// behind; the number is "recall" and a 1.
const leadLock = 0x7265_6361_6c6c_01

// Lead runs work while this process is the leading one of the database, until ctx
// ends. Of several processes the one that came first leads; the next one takes
// over when that one has ended, also by kill -9 (Postgres gives the lock back with
// the connection). work must return soon after its ctx ends, which is also when the
// connection is lost.
func (db *DB) Lead(ctx context.Context, work func(context.Context)) {
	retry := backoff.NewExponentialBackOff(
		backoff.WithInitialInterval(watchFirstRetry), backoff.WithMaxInterval(watchLastRetry), backoff.WithMaxElapsedTime(0))
	told := leadLog{log: db.log}
	healthy := func() { retry.Reset(); told.taken(ctx) }
	_ = backoff.RetryNotify( // its only error is ctx's
		func() error { return db.leadOnce(ctx, work, healthy) },
		backoff.WithContext(retry, ctx),
		func(err error, in time.Duration) { told.failed(ctx, err, in) })
}

// leadLog tells when the lead goes and comes back, each once: the tries in
// between, and those of a process that never led, are of no interest.
type leadLog struct {
	log        *slog.Logger
	held, lost bool
}

func (l *leadLog) taken(ctx context.Context) {
	if l.lost {
		l.log.InfoContext(ctx, "the database is back: this process leads again")
	}
	l.held, l.lost = true, false
}

func (l *leadLog) failed(ctx context.Context, err error, in time.Duration) {
	cause := []any{slog.Any("error", err), slog.String("retry_in", in.Round(time.Millisecond).String())}
	if !l.held {
		l.log.DebugContext(ctx, "the lead cannot be asked for", cause...)
		return
	}
	l.log.WarnContext(ctx, "the lead was lost", cause...)
	l.held, l.lost = false, true
}

func (db *DB) leadOnce(ctx context.Context, work func(context.Context), healthy func()) error {
	conn, err := db.takeLead(ctx)
	if err != nil {
		return err
	}
	defer closeSoon(conn)
	healthy()
	leading, end := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		work(leading)
	}()
	for err == nil {
		_, err = awaitNotification(ctx, conn) // nobody notifies: it returns when the connection is lost
	}
	end()
	<-done
	return err
}

// takeLead waits for the lock on a connection of its own, for as long as it takes.
func (db *DB) takeLead(ctx context.Context) (*pgx.Conn, error) {
	config := db.pool.Config().ConnConfig
	config.RuntimeParams["application_name"] = "recall lead"
	config.RuntimeParams["statement_timeout"] = "0"
	config.RuntimeParams["lock_timeout"] = "0"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", int64(leadLock)); err != nil {
		closeSoon(conn)
		return nil, err
	}
	return conn, nil
}
