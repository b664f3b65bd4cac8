package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"recall/actors"
	"recall/actors/crew"
	"recall/actors/provider"
	"recall/actors/recall"
	"recall/persistence"
	"recall/persistence/media"
	"recall/server/config"
	"recall/server/gateway"
	"recall/server/metrics"
)

// The times of a stop, after the drain.
const (
	goodbyeTime = 5 * time.Second  // for clients to take their leave
	spansTime   = 2 * time.Second  // for the last spans to be sent
	stopTime    = 10 * time.Second // for the database to stop
)

// App is the running program.
type App struct {
	version  string
	cfg      config.Config
	log      *slog.Logger
	recorder *metrics.Recorder
	database *database
	db       *persistence.DB
	songs    *songs
	media    *media.Store
	services *services
	callers  *crew.Crew // make the calls of recalls
	actors   *actors.System
	gateway  *gateway.Gateway
	front    *front
	listener net.Listener
	tracing  *tracing
	debug    *debug // nil: no profiles
	watch    *lagWatch
	overload *overload
	began    time.Time
	open     atomic.Int64 // recalls of this process that have not ended
	shedTold atomic.Int64 // when the log said last that recalls are refused, Unix nanoseconds
	answered atomic.Int64 // when the database answered last, Unix milliseconds

	closeAuth func() // ends the refreshing of keys
	caches    *caches

	ctx    context.Context // ends with Stop: for the loops beside the requests
	cancel context.CancelFunc
	loops  sync.WaitGroup
}

// Serve runs the program, of that version, until ctx ends, then drains and stops it. ready is told
// the address once connections are taken.
func Serve(ctx context.Context, version string, cfg config.Config, log *slog.Logger, ready func(addr string)) error {
	a, err := Start(ctx, version, cfg, log)
	if err != nil {
		return err
	}
	ready(a.Addr())
	select {
	case <-ctx.Done():
		log.Info("stopping: running recalls may finish", slog.String("within", cfg.DrainTimeout.String()))
	case err = <-a.failed():
		log.Error("the server has failed", slog.Any("error", err))
	}
	err = errors.Join(err, a.Stop(context.WithoutCancel(ctx)))
	log.Info("stopped")
	return err
}

// Start brings everything up and takes connections when it returns. ctx bounds
// the start only.
func Start(ctx context.Context, version string, cfg config.Config, log *slog.Logger) (*App, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	a := &App{version: version, cfg: cfg, log: log, recorder: metrics.NewRecorder(), watch: newLagWatch(lagEvery), began: time.Now()}
	a.ctx, a.cancel = context.WithCancel(context.Background())
	if off := cfg.Off(); len(off) > 0 {
		log.Info("optimisations are switched off", slog.Any("by", off))
	}
	if err := a.start(ctx); err != nil {
		return nil, errors.Join(err, a.Stop(context.WithoutCancel(ctx)))
	}
	return a, nil
}

func (a *App) start(ctx context.Context) (err error) {
	// An address that is taken should be known before anything is started.
	if a.listener, err = new(net.ListenConfig).Listen(ctx, "tcp", a.cfg.Listen); err != nil {
		return fmt.Errorf("--listen (RECALL_LISTEN): %w", err)
	}
	a.front = newFront(a.log)
	a.loops.Go(func() { a.front.serve(a.listener, a.cfg) })
	if err := a.sight(ctx); err != nil {
		return err
	}
	verify, issue, err := a.signIn(ctx)
	if err != nil {
		return err
	}
	var together errgroup.Group
	together.Go(func() error { a.actors = actors.Start(a.log); return nil })
	together.Go(func() error { return a.store(ctx) })
	if err := together.Wait(); err != nil {
		return err
	}
	a.services = startServices(a.cfg, a.tracing.outside, a.actors.System(), provider.Deps{Logger: a.log, Meter: a.recorder}, uploads{a.media})
	a.wire(verify, issue)
	a.loops.Go(func() { a.db.Lead(a.ctx, a.lead) })
	return nil
}

// lagEvery is how often the server looks whether it gets to run in time.
const lagEvery = 50 * time.Millisecond

// sight starts what shows how the server does.
func (a *App) sight(ctx context.Context) (err error) {
	if a.tracing, err = startTracing(ctx, a.cfg, a.log); err != nil {
		return err
	}
	a.loops.Go(func() { a.watch.run(a.ctx.Done()) })
	if a.cfg.DebugListen != "" {
		a.debug, err = startDebug(ctx, a.cfg.DebugListen, a.log)
	}
	return err
}

// store opens the database, brings its schema and catalogue up to date and loads
// the song index.
func (a *App) store(ctx context.Context) (err error) {
	if a.database, err = openDatabase(ctx, a.cfg, a.log); err != nil {
		return err
	}
	if err := persistence.Migrate(ctx, a.database.url, a.log); err != nil {
		return err
	}
	a.db, err = persistence.Open(ctx, persistence.Options{
		URL: a.database.url, MaxConns: a.cfg.DBMaxConns, StatementTimeout: a.cfg.StatementTimeout,
		Observe: a.observe, SongKey: recall.SongKey, Logger: a.log, Tracer: a.tracing.sql(),
		BatchWait: a.cfg.BatchWait, BatchMost: a.cfg.BatchMost, NoBatching: !a.cfg.Batching,
	})
	if err != nil {
		return err
	}
	if a.cfg.Seed {
		if _, err := a.db.SeedSongs(ctx); err != nil {
			return err
		}
	}
	if err := a.openMedia(ctx); err != nil {
		return err
	}
	a.songs = newSongs()
	a.loops.Go(func() { a.songs.watch(a.ctx, a.db) })
	return a.songs.wait(ctx)
}

// Addr is the address that connections are taken on.
func (a *App) Addr() string { return a.listener.Addr().String() }

// failed tells of a fault that nothing here can mend.
func (a *App) failed() <-chan error { return a.database.failed }

// Stop drains and takes everything down: no new recalls, running ones may finish
// within the drain time-out, then every client is sent away (1012). What is open
// after that is finished by the next start.
func (a *App) Stop(ctx context.Context) error {
	if a.gateway != nil {
		a.gateway.Drain()
		a.drain(ctx)
		goodbye, done := context.WithTimeout(ctx, goodbyeTime)
		a.gateway.Close(goodbye)
		done()
	}
	if a.front != nil {
		a.front.close()
	} else if a.listener != nil {
		_ = a.listener.Close()
	}
	if a.actors != nil {
		a.actors.End() // before the services do: a recall must not end with what they fail with now
	}
	if a.services != nil {
		a.services.stop()
	}
	if a.actors != nil {
		a.actors.Stop()
	}
	if a.callers != nil {
		a.callers.Stop()
	}
	a.cancel()
	a.loops.Wait()
	if a.caches != nil {
		a.caches.close()
	}
	if a.closeAuth != nil {
		a.closeAuth()
	}
	var fault error
	if a.media != nil {
		fault = a.media.Close()
	}
	if a.db != nil {
		a.db.Close()
	}
	if a.debug != nil {
		a.debug.close()
	}
	a.lastSpans(ctx)
	if a.database == nil {
		return fault
	}
	ctx, done := context.WithTimeout(ctx, stopTime)
	defer done()
	return errors.Join(fault, a.database.stop(ctx))
}

// lastSpans sends what spans are left. A collector that does not answer must not hold
// up the database's end.
func (a *App) lastSpans(ctx context.Context) {
	ctx, done := context.WithTimeout(ctx, spansTime)
	defer done()
	if err := a.tracing.stop(ctx); err != nil {
		a.log.Warn("the last traces were not sent", slog.Any("error", err))
	}
}

// observe records an operation of the database.
func (a *App) observe(op string, d time.Duration, err error) {
	if err == nil {
		a.answered.Store(time.Now().UnixMilli())
	}
	a.recorder.Observe(op, d, err)
}

// freshAnswer is how long an answer of the database shows that it can be reached.
const freshAnswer = 2 * time.Second

// ready tells whether the database can be reached. A busy one that answers others
// need not be asked: the question would wait behind them.
func (a *App) ready(ctx context.Context) error {
	if time.Since(time.UnixMilli(a.answered.Load())) < freshAnswer {
		return nil
	}
	return a.db.Ping(ctx)
}

// drainPoll is how often a drain looks whether recalls are still open.
const drainPoll = 50 * time.Millisecond

// drain waits until no recall of this process is open, at most for the drain
// time-out.
func (a *App) drain(ctx context.Context) {
	ctx, done := context.WithTimeout(ctx, a.cfg.DrainTimeout)
	defer done()
	tick := time.NewTicker(drainPoll)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if a.open.Load() == 0 {
			return
		}
	}
}
