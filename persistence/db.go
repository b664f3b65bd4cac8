package persistence

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// DB is the store. [DB.Close] gives its connections back.
type DB struct {
	pool     *pgxpool.Pool
	observe  func(op string, d time.Duration, err error)
	trips    *tripCounter
	waits    *connWaits
	groups   *groupWriter // nil: each commit is written alone
	songKey  func(isrc, title, artist string) string
	log      *slog.Logger
	patience time.Duration // with one operation, waiting included
}

// Open connects and makes sure that somebody answers. The schema is not looked
// at: see [Migrate].
func Open(ctx context.Context, o Options) (*DB, error) {
	config, err := pgxpool.ParseConfig(o.URL)
	if err != nil {
		return nil, fmt.Errorf("database address: %w", err) // pgx leaves the password out
	}
	o.fill()
	db := &DB{observe: o.Observe, songKey: o.SongKey, log: o.Logger, trips: new(tripCounter), waits: &connWaits{observe: o.Observe}, patience: 2 * o.StatementTimeout}
	if !o.NoBatching {
		db.groups = newGroupWriter(db, o)
	}
	o.apply(config, db.trips, db.waits)
	if db.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return nil, translate("open", err)
	}
	if err := db.Ping(ctx); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// Close waits until what was handed to [DB.Commit] is written and the connections in
// use are given back, then closes them all. It may be called twice.
func (db *DB) Close() {
	if db.groups != nil {
		db.groups.close()
	}
	db.pool.Close()
}

// Ping reports whether Postgres answers, as unavailable when it does not.
func (db *DB) Ping(ctx context.Context) (err error) {
	ctx, end := db.begin(ctx, "ping", &err)
	defer end()
	return db.pool.Ping(ctx)
}

// Stat is how the pool stands.
func (db *DB) Stat() *pgxpool.Stat { return db.pool.Stat() }

// Queries is the number of round trips so far: statements, a batch counting as one.
func (db *DB) Queries() int64 { return db.trips.n.Load() }

// begin starts an operation of few statements: it ends after twice the statement
// time-out, the wait for a connection included, also when the caller set no limit
// and the network swallows the answer.
//
//	func (db *DB) X(ctx context.Context) (err error) {
//		ctx, end := db.begin(ctx, "x", &err)
//		defer end()
func (db *DB) begin(ctx context.Context, op string, err *error) (_ context.Context, end func()) {
	start := time.Now()
	ctx, cancel := context.WithTimeout(ctx, db.patience)
	return ctx, func() {
		cancel()
		db.done(op, start, err)
	}
}

// done ends an operation, of whatever length: the one place where errors are
// translated and operations measured.
func (db *DB) done(op string, start time.Time, err *error) {
	*err = translate(op, *err)
	db.observe(op, time.Since(start), *err)
}
