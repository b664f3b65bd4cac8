package pgtest

import (
	"context"
	"log/slog"
	"maps"
	"testing"

	"recall/persistence/embedded"
)

var (
	// serverSettings give up what only a power cut would need. synchronous_commit
	// stays on: a killed server must keep what it acknowledged.
	serverSettings = map[string]string{"fsync": "off", "full_page_writes": "off"}
	sharedSettings = map[string]string{"autovacuum": "off"}
)

// Server returns a server for this test alone, to be stopped, killed or
// restarted at will. Its database recall is not migrated. It is stopped when
// the test ends; its data goes when the test process ends.
func Server(t testing.TB) *embedded.Server { return serverWith(t, nil) }

// Shipped is a Server with the settings that people get, for measurements: it waits
// for the disk.
func Shipped(t testing.TB) *embedded.Server {
	return serverWith(t, map[string]string{"fsync": "on", "full_page_writes": "on"})
}

func serverWith(t testing.TB, settings map[string]string) *embedded.Server {
	t.Helper()
	reaper, err := running(t).reaper()
	if err != nil {
		t.Fatal(err)
	}
	s, err := startServer(reaper, settings)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { quit(s) })
	return s
}

// Restart starts the data of s again after it was stopped or killed, waiting
// for its end if that is still under way. The URL stays the same.
func Restart(t testing.TB, s *embedded.Server) *embedded.Server {
	t.Helper()
	<-s.Done()
	next, err := embedded.Start(context.Background(), options(s.Dir(), nil))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { quit(next) })
	return next
}

func startServer(r *reaper, extra map[string]string) (*embedded.Server, error) {
	dir, err := r.subfolder()
	if err != nil {
		return nil, err
	}
	return embedded.Start(context.Background(), options(dir, extra))
}

func options(dir string, extra map[string]string) embedded.Options {
	settings := maps.Clone(serverSettings)
	maps.Copy(settings, extra)
	return embedded.Options{DataDir: dir, ExtraSettings: settings, Logger: slog.New(slog.DiscardHandler)}
}

// quit stops at once, without a last checkpoint: the data is thrown away. The
// error would only say just that.
func quit(s *embedded.Server) {
	hurry, cancel := context.WithCancel(context.Background())
	cancel()
	_ = s.Stop(hurry)
}
