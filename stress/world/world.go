package world

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"recall/persistence/embedded"
	"recall/stress/device"
)

// Options of a world. The zero value is one with the emulator's usual pace.
type Options struct {
	// Dir takes data and logs and stays. Empty: a temporary folder, which goes with
	// the world.
	Dir string
	// Programs were built before; the zero value builds them into Dir.
	Programs Programs
	// Emulator are flags of the emulator, such as "-latency=0s", "-tokens-per-second=-1"
	// or "-seed=7". Its address is chosen here.
	Emulator []string
	// Postgres are settings that replace or add to those of production.
	Postgres map[string]string
	// Log hears what Postgres' keeper says. Default: nobody.
	Log *slog.Logger
}

// World is the processes of a run. It is safe for concurrent use.
type World struct {
	options   Options
	temporary bool
	secret    string
	emulator  *emulator
	started   atomic.Int32 // servers

	mu       sync.Mutex       // guards what follows
	postgres *embedded.Server // nil while it is down
	database string           // its address
	servers  []*Server        // in the order of their start, ended ones too
}

// stopWithin bounds how long a process may take to end in order before it is killed.
const stopWithin = 30 * time.Second

// Open starts Postgres and the emulator; ctx bounds the start only. An error leaves
// nothing behind.
func Open(ctx context.Context, o Options) (w *World, err error) {
	w = &World{options: o, secret: rand.Text() + rand.Text()} // 52 characters; a secret has at least 32
	defer func() {
		if err != nil {
			err = errors.Join(err, w.Close())
			w = nil
		}
	}()
	if w.options.Log == nil {
		w.options.Log = slog.New(slog.DiscardHandler)
	}
	if err := w.makeDir(); err != nil {
		return w, err
	}
	if w.options.Programs == (Programs{}) {
		if w.options.Programs, err = Build(ctx, w.options.Dir); err != nil {
			return w, err
		}
	}
	if err := w.StartPostgres(ctx); err != nil {
		return w, err
	}
	e, err := startEmulator(ctx, w.options.Programs.Emulator, w.path("emulator.log"), o.Emulator)
	if err == nil {
		w.emulator = e
	}
	return w, err
}

// makeDir lets others pass: as root we run Postgres as another user.
func (w *World) makeDir() (err error) {
	if w.options.Dir == "" {
		w.options.Dir, err = os.MkdirTemp("", "recall-world-")
		w.temporary = err == nil
	} else {
		err = os.MkdirAll(w.options.Dir, 0o755)
	}
	if err != nil {
		return err
	}
	return os.Chmod(w.options.Dir, 0o755) //nolint:gosec // see above
}

func (w *World) path(name string) string { return filepath.Join(w.options.Dir, name) }

// Dir holds data and logs.
func (w *World) Dir() string { return w.options.Dir }

// Secret signs the tokens of every server here (HS256).
func (w *World) Secret() string { return w.secret }

// Token signs an hour's token for a user (a UUID), which every server here takes.
func (w *World) Token(user string) (string, error) {
	return device.SignToken(w.secret, user, time.Hour)
}

// Warnings are those of all servers so far (see [Server.Warnings]).
func (w *World) Warnings() (lines []string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.servers {
		some, failed := s.Warnings()
		lines, err = append(lines, some...), errors.Join(err, failed)
	}
	return lines, err
}

// Close ends all processes in order, servers first, and removes a temporary folder. Its
// error tells what had to be forced; servers that were killed before are none.
func (w *World) Close() error {
	w.mu.Lock()
	servers := w.servers
	w.mu.Unlock()
	var all []error
	for _, s := range servers {
		if s.Running() {
			all = append(all, s.Stop())
		}
	}
	if w.emulator != nil {
		all = append(all, w.emulator.stop())
	}
	all = append(all, w.StopPostgres())
	if w.temporary {
		all = append(all, os.RemoveAll(w.options.Dir))
	}
	if err := errors.Join(all...); err != nil {
		return fmt.Errorf("world: %w", err)
	}
	return nil
}
