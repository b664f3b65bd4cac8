package persistence

import (
	"context"
	"log/slog"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"

	"recall/persistence/pgtest"
	"recall/wire"
)

func TestMain(m *testing.M) {
	os.Exit(pgtest.Main(m, migrateQuietly, func() error { return goleak.Find() }))
}

func migrateQuietly(ctx context.Context, url string) error {
	return Migrate(ctx, url, slog.New(slog.DiscardHandler))
}

// openStore opens the database at url for the length of the test.
func openStore(t testing.TB, url string) *DB {
	t.Helper()
	db, err := Open(t.Context(), Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

// value asks for one value.
func value[T any](t testing.TB, db *DB, sql string, args ...any) (v T) {
	t.Helper()
	if err := db.pool.QueryRow(t.Context(), sql, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return v
}

// newThread creates a thread and activates it.
func newThread(t testing.TB, db *DB, owner wire.ID) wire.Activation {
	t.Helper()
	a, err := db.Create(t.Context(), owner, wire.Thread{ID: wire.NewID(), CreatedAt: testTime, LastMessageAt: testTime})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

var testTime = wire.At(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))
