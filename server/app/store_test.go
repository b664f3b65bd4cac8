package app_test

import (
	"context"
	"log/slog"
	"os"
	"testing"

	"go.uber.org/goleak"

	"recall/actors/storetest"
	"recall/persistence"
	"recall/persistence/pgtest"
)

func TestMain(m *testing.M) {
	os.Exit(pgtest.Main(m, migrate, func() error { return goleak.Find() }))
}

func migrate(ctx context.Context, url string) error {
	return persistence.Migrate(ctx, url, slog.New(slog.DiscardHandler))
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
