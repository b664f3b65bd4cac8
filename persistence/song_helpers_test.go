package persistence

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"recall/persistence/pgtest"
	"recall/wire"
)

// songDB is a database with an empty catalogue.
func songDB(t testing.TB) *DB {
	t.Helper()
	return openStore(t, pgtest.New(t))
}

func mustImport(t testing.TB, db *DB, file string, opt ImportOptions) ImportResult {
	t.Helper()
	res, err := db.ImportSongs(t.Context(), strings.NewReader(file), opt)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// songsByTitle reads the catalogue; ids, which tests cannot foretell, are left out.
func songsByTitle(t testing.TB, db *DB) map[string]wire.Song {
	t.Helper()
	all := map[string]wire.Song{}
	err := db.Songs(t.Context(), func(batch []wire.Song) error {
		for _, s := range batch {
			s.ID = 0
			all[s.Title] = s
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func execSQL(t testing.TB, db *DB, sql string, args ...any) {
	t.Helper()
	if _, err := db.pool.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func wantSame(t testing.TB, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("differs (-want +got):\n%s", diff)
	}
}
