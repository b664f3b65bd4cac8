package persistence

import (
	"context"
	"log/slog"
	"math"
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

// What [Options] take for the writing of commits unless they say otherwise.
const (
	DefaultBatchWait = 2 * time.Millisecond
	DefaultBatchMost = 64
)

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
	// for a lock is cut off at half of it, to be told apart in the log; a group of
	// commits waits less, and leaves the one that is in question to be written alone.
	StatementTimeout time.Duration

	// NoBatching writes each commit with a statement of its own. Else those of many threads
	// are written together, and the next two say how.
	NoBatching bool

	// BatchWait is how long a commit waits for others while nothing is being written.
	// Default: 0, it goes at once; [DefaultBatchWait] suits a server. While a group is
	// being written the next one gathers whatever this is, and groups begin at least four
	// times this apart unless they are full.
	BatchWait time.Duration

	// BatchMost is how many commits a group has at most. Default: [DefaultBatchMost],
	// which is also the most to advise: a group that is written one by one takes a
	// subtransaction for each, and beyond 64 Postgres has to look them up on disk.
	BatchMost int

	// Observe, when set, is told of each operation as it ends: its name, how long
	// it took and the error that its caller got. It must be fast and not block.
	Observe func(op string, d time.Duration, err error)

	// SongKey names the songs in messages of the earlier app, which had no keys;
	// the same one that names new candidates, or the old ones are offered again.
	// Default: the ISRC, else title and artist in lower case.
	SongKey func(isrc, title, artist string) string

	// Logger is told when the watching of the catalogue is interrupted, which
	// mends itself and so is nobody's error. Default: [slog.Default].
	Logger *slog.Logger

	// Tracer, when set, sees each statement (and each batch, if it is a
	// [pgx.BatchTracer] too).
	Tracer pgx.QueryTracer
}

// fill puts the defaults where nothing was given.
func (o *Options) fill() {
	if o.MaxConns <= 0 {
		o.MaxConns = 8 * runtime.GOMAXPROCS(0)
	}
	if o.StatementTimeout <= 0 {
		o.StatementTimeout = DefaultStatementTimeout
	}
	if o.BatchMost <= 0 {
		o.BatchMost = DefaultBatchMost
	}
	if o.Observe == nil {
		o.Observe = func(string, time.Duration, error) {}
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.SongKey == nil {
		o.SongKey = plainSongKey
	}
}

// apply turns the options into the pool's settings.
func (o Options) apply(config *pgxpool.Config, trips *tripCounter, waits *connWaits) {
	config.MaxConns = int32(min(o.MaxConns, math.MaxInt32))
	config.MinIdleConns = min(2, config.MaxConns) // a quiet server answers its next caller at once
	config.MaxConnLifetime = time.Hour            // so that a failover is followed in the end
	config.MaxConnLifetimeJitter = 10 * time.Minute
	config.AfterConnect = func(_ context.Context, conn *pgx.Conn) error {
		teachIDs(conn.TypeMap())
		teachGroups(conn.TypeMap())
		return nil
	}
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = o.StatementTimeout
	}
	tracer := multitracer.New(trips)
	if o.Tracer != nil {
		tracer = multitracer.New(trips, o.Tracer)
	}
	tracer.PoolAcquireTracers = append(tracer.PoolAcquireTracers, waits)
	config.ConnConfig.Tracer = tracer
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
