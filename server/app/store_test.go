package app_test

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"testing"

	"go.uber.org/goleak"

	"recall/actors/storetest"
	"recall/persistence"
	"recall/persistence/pgtest"
)

func TestMain(m *testing.M) {
	if settings := os.Getenv(processVariable); settings != "" {
		os.Exit(serve(settings))
	}
	os.Exit(pgtest.Main(m, migrate, leaks))
}

// leaks looks for goroutines once the tests are over.
func leaks() error {
	http.DefaultClient.CloseIdleConnections() // of those that ask over HTTP
	return goleak.Find()
}

// migrate makes the template of the databases, with the starter catalogue in it.
func migrate(ctx context.Context, url string) error {
	if err := persistence.Migrate(ctx, url, slog.New(slog.DiscardHandler)); err != nil {
		return err
	}
	db, err := persistence.Open(ctx, persistence.Options{URL: url})
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.SeedSongs(ctx)
	return err
}

// The store that the program runs on is held to the same promises as the fake
// that the actors are tested with. (Here, since only this folder may know both.)
func TestStore(t *testing.T) {
	t.Parallel()
	db, err := persistence.Open(t.Context(), persistence.Options{URL: pgtest.New(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	storetest.Run(t, func(*testing.T) storetest.Store { return db })
}
