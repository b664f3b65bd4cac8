package persistence

import (
	"context"
	"fmt"
	"runtime"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/multitracer"
	"github.com/jackc/pgx/v5/pgxpool"
)

// DefaultStatementTimeout is how long one statement may take unless
// [Options.StatementTimeout] says otherwise.
const DefaultStatementTimeout = 5 * time.Second

// Options say how to reach Postgres and how much of it to use.
type Options struct {
	// URL is a connection string in libpq's URL or keyword form.
	URL string

	// MaxConns bounds the connections, and so the statements that run at once;
	// further callers queue in the order of their arrival. Default: 8 for each
	// core, 16 on a machine with 2. Fewer leave the database idle while commits
	// wait for the disk, which many can share; more only lengthen its own queues.
	MaxConns int

	// StatementTimeout ends a statement on the server's side, so that it holds
	// whatever becomes of the caller. Default: [DefaultStatementTimeout]. Waiting
	// for a lock is cut off at half of it, to be told apart in the log.
	StatementTimeout time.Duration

	// Observe, when set, is told of each operation as it ends: its name, how long
	// it took and the error that its caller got. It must be fast and not block.
	Observe func(op string, d time.Duration, err error)

	// Tracer, when set, sees each statement (and each batch, if it is a
	// [pgx.BatchTracer] too).
	Tracer pgx.QueryTracer
}

// DB is the store. [DB.Close] gives its connections back.
type DB struct {
	pool     *pgxpool.Pool
	observe  func(op string, d time.Duration, err error)
	trips    *tripCounter
	patience time.Duration // with one operation, waiting included
}

// Open connects and makes sure that somebody answers. The schema is not looked
// at: see [Migrate].
func Open(ctx context.Context, o Options) (*DB, error) {
	config, err := pgxpool.ParseConfig(o.URL)
	if err != nil {
		return nil, fmt.Errorf("database address: %w", err) // pgx leaves the password out
	}
	if o.StatementTimeout <= 0 {
		o.StatementTimeout = DefaultStatementTimeout
	}
	db := &DB{observe: o.Observe, trips: new(tripCounter), patience: 2 * o.StatementTimeout}
	if db.observe == nil {
		db.observe = func(string, time.Duration, error) {}
	}
	o.apply(config, db.trips)
	if db.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return nil, translate("open", err)
	}
	if err := db.Ping(ctx); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// apply turns the options into the pool's settings.
func (o Options) apply(config *pgxpool.Config, trips *tripCounter) {
	config.MaxConns = int32(8 * runtime.GOMAXPROCS(0))
	if o.MaxConns > 0 {
		config.MaxConns = int32(o.MaxConns)
	}
	config.MinIdleConns = min(2, config.MaxConns) // a quiet server answers its next caller at once
	config.MaxConnLifetime = time.Hour            // so that a failover is followed in the end
	config.MaxConnLifetimeJitter = 10 * time.Minute
	config.AfterConnect = func(_ context.Context, conn *pgx.Conn) error {
		teachIDs(conn.TypeMap())
		return nil
	}
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = o.StatementTimeout
	}
	config.ConnConfig.Tracer = trips
	if o.Tracer != nil {
		config.ConnConfig.Tracer = multitracer.New(trips, o.Tracer)
	}
	o.setRuntimeParams(config.ConnConfig.RuntimeParams)
}

func (o Options) setRuntimeParams(params map[string]string) {
	ms := func(d time.Duration) string { return strconv.FormatInt(max(1, d.Milliseconds()), 10) }
	params["statement_timeout"] = ms(o.StatementTimeout)
	params["lock_timeout"] = ms(o.StatementTimeout / 2)
	params["idle_in_transaction_session_timeout"] = ms(2 * o.StatementTimeout)
	params["timezone"] = "UTC"
	if params["application_name"] == "" {
		params["application_name"] = "recall"
	}
}

// Close waits until the connections in use are given back, then closes them all.
func (db *DB) Close() { db.pool.Close() }

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
