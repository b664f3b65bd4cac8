package pgtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
)

// ServerVariable names the server to use instead of one of our own.
const ServerVariable = "TEST_DATABASE_URL"

// Migrate brings the empty database at url up to date. It must have closed its
// connections when it returns: a database in use cannot be copied.
type Migrate func(ctx context.Context, url string) error

// runner is *testing.M.
type runner interface{ Run() int }

// run is all that one test process shares. Its parts start at first use.
type run struct {
	migrate Migrate
	reaper  func() (*reaper, error)
	shared  func() (*shared, error)
	// what finish has to end; written by the starters above, under mu
	mu      sync.Mutex
	reaping *reaper
	sharing *shared
}

// current is set by Main before the first test and never changed after.
var current *run

// Main runs the tests and returns the exit code for os.Exit. migrate may be nil
// where only Empty or Server is used. after, which may be nil, runs once all is
// stopped, if the tests passed: the place for a leak check. An error from it, or
// from removing the databases, fails the run.
func Main(m *testing.M, migrate func(ctx context.Context, url string) error, after func() error) int {
	return runMain(m, migrate, after)
}

func runMain(m runner, migrate Migrate, after func() error) (code int) {
	if scratch := os.Getenv(reapVariable); scratch != "" {
		return reap(scratch)
	}
	if current != nil {
		return fail(errors.New("Main was called twice"))
	}
	r := newRun(migrate)
	current = r
	defer func() {
		// Also when Run panics here; a panic in a test never comes back, and
		// then the reaper does all this by itself.
		if err := r.finish(); err != nil {
			code = fail(err)
		}
		if code == 0 && after != nil {
			if err := after(); err != nil {
				code = fail(err)
			}
		}
	}()
	return m.Run()
}

func fail(err error) int {
	fmt.Fprintln(os.Stderr, "pgtest:", err)
	return 1
}

func newRun(migrate Migrate) *run {
	r := &run{migrate: migrate}
	r.reaper = sync.OnceValues(func() (*reaper, error) {
		reaper, err := startReaper()
		r.mu.Lock()
		defer r.mu.Unlock()
		r.reaping = reaper
		return reaper, err
	})
	r.shared = sync.OnceValues(func() (*shared, error) {
		shared, err := startShared(r)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.sharing = shared
		return shared, err
	})
	return r
}

// finish ends what was started, and waits until the reaper has removed it.
func (r *run) finish() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var errs []error
	if r.sharing != nil {
		errs = append(errs, r.sharing.close())
	}
	if r.reaping != nil {
		errs = append(errs, r.reaping.finish())
	}
	return errors.Join(errs...)
}

func running(t testing.TB) *run {
	t.Helper()
	if current == nil {
		t.Fatal("pgtest: call pgtest.Main from TestMain")
	}
	return current
}
