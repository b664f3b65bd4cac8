package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
)

// Options says where and how to run the server.
type Options struct {
	// DataDir is the application's data directory. The server keeps all it has
	// in the folder "postgres" below it. Required; see DefaultDataDir.
	DataDir string
	// Logger hears of start, stop, orphans and retries. Default: slog.Default().
	Logger *slog.Logger
	// ExtraSettings are Postgres settings by name that replace or add to the
	// defaults of settings.go. fsync=off also makes initdb skip its sync: for
	// tests only. Settings that this package decides itself are an error.
	ExtraSettings map[string]string
	// BinDir is the only folder to look for postgres and initdb in. Default:
	// PATH, then the usual places of the distributions, newest version first.
	BinDir string
}

func (o Options) places() places {
	if o.BinDir != "" {
		return places{path: o.BinDir}
	}
	return knownPlaces()
}

// Server is a running Postgres that this process owns.
type Server struct {
	opt    Options
	layout layout
	log    *slog.Logger
	own    *ownership // given back by watch

	proc     *process
	stopping atomic.Bool   // set before the first signal of ours
	done     chan struct{} // closed by watch, after err is set
	err      error
}

// Start brings up the server of opt.DataDir, creating its data at the first
// time, and returns when it answers. ctx bounds the start only: the server runs
// until Stop, or until this process ends in whatever way. Errors that a person
// can mend have ErrInUse, ErrNotInstalled or ErrWrongVersion in their chain, or
// name the folder that is in the way.
func Start(ctx context.Context, opt Options) (*Server, error) {
	if err := checkSettings(opt.ExtraSettings); err != nil {
		return nil, err
	}
	l, err := makeLayout(opt.DataDir)
	if err != nil {
		return nil, err
	}
	acc, err := accountFor(l.cluster())
	if err == nil {
		err = acc.checkReach(l.home())
	}
	if err != nil {
		return nil, err
	}
	own, err := claim(ctx, l)
	if err != nil {
		return nil, err
	}
	s := &Server{opt: opt, layout: l, log: opt.Logger, own: own, done: make(chan struct{})}
	if s.log == nil {
		s.log = slog.Default()
	}
	if err := s.start(ctx, acc); err != nil {
		own.release()
		return nil, err
	}
	return s, nil
}

// start runs with the ownership held; watch takes it over on success.
func (s *Server) start(ctx context.Context, acc *account) error {
	cluster := s.layout.cluster()
	if err := stopOrphan(ctx, cluster, s.log); err != nil {
		return err
	}
	major, err := clusterMajor(cluster)
	if err != nil {
		return err
	}
	inst, err := s.opt.places().find(ctx, major)
	if err != nil {
		return err
	}
	if err := s.prepare(ctx, inst, acc, major == 0); err != nil {
		return err
	}
	logFile, err := openLog(s.layout.log())
	if err != nil {
		return err
	}
	if err := s.launch(ctx, inst, acc, logFile); err != nil {
		return errors.Join(err, logFile.Close())
	}
	s.log.Info("embedded postgres is ready", "pid", s.Pid(), "version", inst.major, "dir", s.layout.home())
	go s.watch(logFile)
	return nil
}

// prepare leaves a complete cluster that belongs to its account, and no trace
// of an earlier server.
func (s *Server) prepare(ctx context.Context, inst installation, acc *account, fresh bool) (err error) {
	l := s.layout
	if fresh {
		s.log.Info("creating the embedded database", "dir", l.home())
		err = initCluster(ctx, inst, l, acc, s.opt.ExtraSettings["fsync"] == "off")
	} else {
		err = acc.adopt(l.cluster())
	}
	if err != nil {
		return err
	}
	return errors.Join(healPIDFile(l.cluster()), makeSocketDir(l.socketDir, acc))
}

// watch turns the end of the child into Done and Err, and gives back what the
// server held, so that the data directory can be started again at once.
func (s *Server) watch(logFile *os.File) {
	<-s.proc.done
	if !s.stopping.Load() {
		s.err = fmt.Errorf("embedded postgres: server %d ended unexpectedly: %w (see %s)",
			s.Pid(), exitReason(s.proc.err), s.layout.log())
		s.log.Error("embedded postgres is gone", slog.Any("error", s.err))
	}
	if err := errors.Join(s.layout.dropTemporarySocketDir(), logFile.Close()); err != nil {
		s.log.Warn("cleaning up after the embedded postgres", slog.Any("error", err))
	}
	s.own.release()
	close(s.done)
}

func exitReason(err error) error {
	if err == nil {
		return errors.New("somebody else stopped it")
	}
	return err
}

// URL is the connection string of database recall as role recall, which owns it
// and may create databases. It stays the same over restarts.
func (s *Server) URL() string {
	return socketURL(s.layout.socketDir, roleName, databaseName)
}

// Dir is the resolved data directory: Start with the same one opens the same data.
func (s *Server) Dir() string { return s.layout.dataDir }

// Pid is the process id of the postmaster.
func (s *Server) Pid() int { return s.proc.pid() }

// Done is closed when the server has ended, on request or not.
func (s *Server) Done() <-chan struct{} { return s.done }

// Err is nil while the server runs and after Stop; after an unexpected death it
// says how the server died. It is meant to be read after Done.
func (s *Server) Err() error {
	select {
	case <-s.done:
		return s.err
	default:
		return nil
	}
}

// Stop shuts the server down: fast (clients are disconnected, nothing is lost)
// while ctx lasts, then immediately, then by killing it. It returns when the
// process is gone, with an error if force was needed; the next start recovers.
// Without a deadline it waits as long as the last checkpoint takes. Further and
// concurrent calls are harmless.
func (s *Server) Stop(ctx context.Context) error {
	s.stopping.Store(true)
	err := s.proc.stop(ctx)
	<-s.done
	return err
}
