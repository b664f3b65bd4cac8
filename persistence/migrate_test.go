package persistence

import (
	"bytes"
	"database/sql"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"

	"recall/migrations"
	"recall/persistence/pgtest"
)

func TestMigrateEmptyDatabase(t *testing.T) {
	t.Parallel()
	url := pgtest.Empty(t)
	before, err := MigrationStatus(t.Context(), url)
	if err != nil || before.Current != 0 || before.Target < 1 {
		t.Fatalf("before: %+v, %v", before, err)
	}
	if tables := value[int](t, openStore(t, url), `SELECT count(*) FROM pg_tables WHERE schemaname = 'public'`); tables != 0 {
		t.Fatalf("asking for the status made %d tables", tables)
	}
	var log bytes.Buffer
	if err := Migrate(t.Context(), url, slog.New(slog.NewTextHandler(&log, nil))); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "0001_threads.sql") {
		t.Errorf("the log does not name the migration:\n%s", &log)
	}
	after, err := MigrationStatus(t.Context(), url)
	if err != nil || after.Current != after.Target {
		t.Fatalf("after: %+v, %v", after, err)
	}
	if err := migrateQuietly(t.Context(), url); err != nil {
		t.Fatalf("a second time: %v", err)
	}
}

func TestMigrateEightNodesAtOnce(t *testing.T) {
	t.Parallel()
	url := pgtest.Empty(t)
	errs := make([]error, 8)
	var nodes sync.WaitGroup
	for i := range errs {
		nodes.Go(func() { errs[i] = migrateQuietly(t.Context(), url) })
	}
	nodes.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	db := openStore(t, url)
	twice := value[int](t, db, `SELECT count(*) - count(DISTINCT version_id) FROM `+versionTable)
	if twice != 0 {
		t.Errorf("%d migrations were recorded twice", twice)
	}
}

func TestMigrateRefusesNewerDatabase(t *testing.T) {
	t.Parallel()
	url := pgtest.New(t)
	later := fstest.MapFS{"9000_later.sql": {Data: []byte("-- +goose Up\nCREATE TABLE later ();\n")}}
	names, err := migrations.FS.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range names {
		data, err := migrations.FS.ReadFile(entry.Name())
		if err != nil {
			t.Fatal(err)
		}
		later[entry.Name()] = &fstest.MapFile{Data: data}
	}
	err = withProvider(url, later, func(p *goose.Provider, _ *sql.DB) error {
		return migrate(t.Context(), p, slog.New(slog.DiscardHandler))
	})
	if err != nil {
		t.Fatal(err)
	}
	err = migrateQuietly(t.Context(), url)
	if !errors.Is(err, ErrNewerDatabase) || !strings.Contains(err.Error(), "9000") {
		t.Fatalf("error %v, want one that says how new the database is", err)
	}
}

// Whatever a database of the earlier app lacks is made.
func TestMigrateAdoptsLessThanEverything(t *testing.T) {
	t.Parallel()
	for name, alteration := range map[string]string{
		"columns":    `ALTER TABLE recall_messages DROP user_id, DROP response_text, DROP candidate_json; ALTER TABLE recall_threads DROP summary, DROP pinned, DROP last_message_at`,
		"keys":       `ALTER TABLE recall_messages DROP CONSTRAINT recall_messages_pkey; ALTER TABLE recall_stash DROP CONSTRAINT recall_stash_pkey`,
		"defaults":   `ALTER TABLE recall_messages ALTER id DROP DEFAULT, ALTER created_at DROP DEFAULT; ALTER TABLE recall_threads ALTER id DROP DEFAULT`,
		"stash":      `DROP TABLE recall_stash`,
		"everything": `DROP TABLE recall_stash, recall_messages, recall_threads CASCADE`,
		"functions":  `DROP FUNCTION get_recall_messages_paginated, insert_recall_messages_batch`,
		"rules": `ALTER TABLE recall_stash DROP CONSTRAINT recall_stash_user_id_thread_id_key;
			INSERT INTO recall_stash (user_id, thread_id, created_at) SELECT user_id, thread_id, created_at + interval '1 s' FROM recall_stash`,
		"nullable": `ALTER TABLE recall_stash ALTER created_at DROP NOT NULL; UPDATE recall_stash SET created_at = NULL;
			ALTER TABLE recall_threads ALTER created_at DROP NOT NULL; UPDATE recall_threads SET created_at = NULL, last_message_at = NULL`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := earlier(t, alteration)
			if err := migrateQuietly(t.Context(), url); err != nil {
				t.Fatal(err)
			}
			workWith(t, openStore(t, url))
		})
	}
}

// Where the earlier stash held several songs of a thread, the latest stays and
// none is thrown away.
func TestMigrateKeepsSupersededStash(t *testing.T) {
	t.Parallel()
	url := earlier(t, `ALTER TABLE recall_stash DROP CONSTRAINT recall_stash_user_id_thread_id_key;
		INSERT INTO recall_stash (user_id, thread_id, created_at, top_song_title)
		SELECT user_id, thread_id, created_at + interval '1 s', 'later' FROM recall_stash`)
	if err := migrateQuietly(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	db := openStore(t, url)
	kept := value[int](t, db, `SELECT count(*) FROM recall_stash WHERE top_song_title = 'later'`)
	aside := value[int](t, db, `SELECT count(*) FROM recall_stash_superseded WHERE top_song_title IS DISTINCT FROM 'later'`)
	if total := value[int](t, db, `SELECT count(*) FROM recall_stash`); kept != total || aside != total || total == 0 {
		t.Errorf("%d items, %d of them the later ones, %d put aside", total, kept, aside)
	}
}

// earlier is a database of the earlier app, altered.
func earlier(t testing.TB, alteration string) string {
	t.Helper()
	url := pgtest.Empty(t)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	for _, sql := range []string{earlierSQL, alteration} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	return url
}
