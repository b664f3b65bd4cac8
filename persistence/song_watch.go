package persistence

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v4"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"recall/wire"
)

const (
	watchFirstRetry = 100 * time.Millisecond
	watchLastRetry  = 10 * time.Second
	watchQuiet      = 30 * time.Second // of silence, then the connection is asked whether it lives
	watchPing       = 5 * time.Second
)

// SongEvents are the callbacks of WatchSongs, made to be filled with the
// methods of an index. They are called one at a time from WatchSongs' goroutine.
type SongEvents struct {
	// Reset replaces everything by what load yields; load may be called once
	// and before Reset returns. An error (load's or its own) makes WatchSongs
	// begin anew, so Reset should keep the old content until load has succeeded.
	Reset func(load func(fn func([]wire.Song) error) error) error
	// Upsert and Remove apply what changed. Both may repeat what is known already.
	Upsert func(songs ...wire.Song)
	Remove func(ids ...int64)
}

// WatchSongs keeps a copy of the catalogue fresh until ctx ends, whose error it
// returns. It listens on a connection of its own, and after each connecting asks
// for a full Reset: first LISTEN, then read, so that a change in between is seen
// twice rather than never. A lost connection is retried for ever, after 0.1 s
// growing to 10 s.
func (db *DB) WatchSongs(ctx context.Context, events SongEvents) error {
	retry := backoff.NewExponentialBackOff(
		backoff.WithInitialInterval(watchFirstRetry),
		backoff.WithMaxInterval(watchLastRetry),
		backoff.WithMaxElapsedTime(0))
	interrupted := false
	healthy := func() {
		retry.Reset()
		if interrupted {
			db.log.InfoContext(ctx, "the database is back: the catalogue is watched again")
		}
		interrupted = false
	}
	w := songWatch{db: db, events: events, healthy: healthy}
	return backoff.RetryNotify(
		func() error { return w.run(ctx) },
		backoff.WithContext(retry, ctx),
		func(err error, in time.Duration) {
			interrupted = true
			db.log.WarnContext(ctx, "watching the catalogue was interrupted", slog.Any("error", err), slog.String("retry_in", in.Round(time.Millisecond).String()))
		})
}

type songWatch struct {
	db      *DB
	events  SongEvents
	healthy func()
}

// run watches over one connection and returns why that ended.
func (w *songWatch) run(ctx context.Context) error {
	conn, err := w.listen(ctx)
	if err != nil {
		return err
	}
	defer closeSoon(conn)
	if err := w.reset(ctx); err != nil {
		return err
	}
	w.healthy()
	for {
		n, err := awaitNotification(ctx, conn)
		if err != nil {
			return err
		}
		if err := w.apply(ctx, n.Payload); err != nil {
			return err
		}
	}
}

func (w *songWatch) listen(ctx context.Context) (*pgx.Conn, error) {
	config := w.db.pool.Config().ConnConfig
	config.RuntimeParams["application_name"] = "recall watch songs"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, "LISTEN songs"); err != nil {
		closeSoon(conn)
		return nil, err
	}
	return conn, nil
}

func (w *songWatch) reset(ctx context.Context) error {
	return w.events.Reset(func(fn func([]wire.Song) error) error { return w.db.Songs(ctx, fn) })
}

// apply acts on one payload of the trigger songs_notify. What it does not
// understand (a newer version's trigger) it answers by reading everything.
func (w *songWatch) apply(ctx context.Context, payload string) error {
	verb, list, _ := strings.Cut(payload, " ")
	ids, ok := parseIDs(list)
	switch {
	case ok && verb == "upsert":
		return w.upsert(ctx, ids)
	case ok && verb == "remove":
		w.events.Remove(ids...)
		return nil
	default:
		return w.reset(ctx)
	}
}

// upsert reads the songs as they are now, which may be later than the
// notification: one that is gone again is removed.
func (w *songWatch) upsert(ctx context.Context, ids []int64) error {
	songs, err := w.db.SongsByID(ctx, ids)
	if err != nil {
		return err
	}
	for _, s := range songs {
		ids = slices.DeleteFunc(ids, func(id int64) bool { return id == s.ID })
	}
	if len(songs) > 0 {
		w.events.Upsert(songs...)
	}
	if len(ids) > 0 {
		w.events.Remove(ids...)
	}
	return nil
}

func parseIDs(list string) ([]int64, bool) {
	var ids []int64
	for text := range strings.SplitSeq(list, ",") {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, false
		}
		ids = append(ids, id)
	}
	return ids, true
}

// awaitNotification waits for as long as it takes. A connection whose other end
// vanished without a word is found out by asking it after some silence.
func awaitNotification(ctx context.Context, conn *pgx.Conn) (*pgconn.Notification, error) {
	for {
		quiet, cancel := context.WithTimeout(ctx, watchQuiet)
		n, err := conn.WaitForNotification(quiet)
		cancel()
		if err == nil || ctx.Err() != nil || !pgconn.Timeout(err) {
			return n, err
		}
		if err := ping(ctx, conn); err != nil {
			return nil, err
		}
	}
}

func ping(ctx context.Context, conn *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, watchPing)
	defer cancel()
	return conn.Ping(ctx)
}

// closeSoon says goodbye also when the watch's own context has ended.
func closeSoon(conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = conn.Close(ctx) // the connection is given up either way
}
