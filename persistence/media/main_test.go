package media

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"recall/persistence"
	"recall/persistence/pgtest"
	"recall/wire"
)

func TestMain(m *testing.M) {
	// What an S3 client takes its keys from; they open nothing but our own fake.
	os.Setenv("AWS_ACCESS_KEY_ID", "fake")
	os.Setenv("AWS_SECRET_ACCESS_KEY", "fake")
	if child := os.Getenv(childVariable); child != "" {
		os.Exit(runChild(child))
	}
	os.Exit(pgtest.Main(m, migrate, func() error { return goleak.Find() }))
}

func migrate(ctx context.Context, url string) error {
	return persistence.Migrate(ctx, url, slog.New(slog.DiscardHandler))
}

// openDB is a migrated database of the test's own.
func openDB(t testing.TB) (*persistence.DB, string) {
	t.Helper()
	url := pgtest.New(t)
	db, err := persistence.Open(t.Context(), persistence.Options{URL: url, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db, url
}

// openLocal is a store in directories of the test's own.
func openLocal(t testing.TB, o Options) *Store {
	t.Helper()
	dir := t.TempDir()
	o.Dir, o.SpoolDir = filepath.Join(dir, "bucket"), filepath.Join(dir, "spool")
	return openStore(t, o)
}

func openStore(t testing.TB, o Options) *Store {
	t.Helper()
	o.Logger = slog.New(slog.DiscardHandler)
	if o.Rows == nil {
		o.Rows = newRows()
	}
	s, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// begin opens an upload that must be let in.
func begin(t testing.TB, s *Store, owner wire.ID, c wire.MediaOpen) *Upload {
	t.Helper()
	u, err := s.Begin(owner, &c)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// write sends bytes that must be taken.
func write(t testing.TB, u *Upload, p []byte) {
	t.Helper()
	if n, err := u.Write(p); n != len(p) || err != nil {
		t.Fatalf("%d of %d bytes were taken, error %v", n, len(p), err)
	}
}

// stored is an upload that must succeed.
func stored(t testing.TB, s *Store, owner wire.ID, kind wire.InputKind, content []byte) wire.ID {
	t.Helper()
	u := begin(t, s, owner, wire.MediaOpen{Kind: kind})
	write(t, u, content)
	if _, err := u.Finish(context.Background(), ""); err != nil {
		t.Fatal(err)
	}
	return u.ID()
}

// content reads the bytes back.
func content(t testing.TB, s *Store, m wire.Media) ([]byte, error) {
	t.Helper()
	r, err := s.Reader(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	return io.ReadAll(r)
}

func wantCode(t testing.TB, err error, code wire.Code) *wire.Error {
	t.Helper()
	var e *wire.Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v, want code %s", err, code)
	}
	if e.Code != code {
		t.Errorf("error %v, want code %s", err, code)
	}
	return e
}

// wantEmpty expects that no file lies in bucket or spool and that no place is taken.
func wantEmpty(t testing.TB, s *Store) {
	t.Helper()
	for _, dir := range []string{s.options.Dir, s.options.SpoolDir} {
		if left := files(t, dir); len(left) > 0 {
			t.Errorf("files are left: %v", left)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.open) > 0 || len(s.ofUser) > 0 {
		t.Errorf("%d places of %d users are still taken", len(s.open), len(s.ofUser))
	}
}

func files(t testing.TB, dir string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
