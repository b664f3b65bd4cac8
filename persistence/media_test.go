package persistence

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"recall/persistence/pgtest"
	"recall/wire"
)

// newMedia stores a row that was last touched ago.
func newMedia(t *testing.T, db *DB, ago time.Duration) wire.Media {
	t.Helper()
	m := wire.Media{ID: wire.NewID(), Owner: wire.NewID(), Kind: wire.InputVoice, ContentType: "audio/mp4", Extension: ".m4a",
		Size: wire.MaxMedia, SHA256: strings.Repeat("0f", 32), CreatedAt: testTime.Time}
	if err := db.StoreMedia(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if _, err := db.pool.Exec(t.Context(), `UPDATE recall_media SET touched_at = now() - $2::interval WHERE id = $1`, m.ID, ago); err != nil {
		t.Fatal(err)
	}
	return m
}

// refer writes a message with this media.
func refer(t *testing.T, db *DB, m wire.Media) {
	t.Helper()
	a := newThread(t, db, m.Owner)
	p := &wire.Posting{ID: wire.NewID(), ThreadID: a.Thread.ID, Seq: 1, Role: wire.RoleUser, Type: wire.TypeVoice, MediaID: m.ID, CreatedAt: testTime}
	c := &wire.Commit{ThreadID: a.Thread.ID, Owner: m.Owner, Fence: a.Fence, Seq: 1, Postings: []*wire.Posting{p}}
	if err := db.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

func wantCode(t *testing.T, err error, code wire.Code) {
	t.Helper()
	var e *wire.Error
	if !errors.As(err, &e) || e.Code != code {
		t.Errorf("error %v, want code %s", err, code)
	}
}

func TestMediaComeBackToTheirOwnerOnly(t *testing.T) {
	t.Parallel()
	db := openStore(t, pgtest.New(t))
	m := newMedia(t, db, 0)
	got, err := db.Media(t.Context(), m.Owner, m.ID)
	if err != nil || got != m {
		t.Errorf("got %+v, error %v, want %+v", got, err, m)
	}
	_, err = db.Media(t.Context(), wire.NewID(), m.ID)
	wantCode(t, err, wire.CodeNotFound)
	_, err = db.Media(t.Context(), m.Owner, wire.NewID())
	wantCode(t, err, wire.CodeNotFound)
}

func TestDropMedia(t *testing.T) {
	t.Parallel()
	db := openStore(t, pgtest.New(t))
	m, other := newMedia(t, db, 0), newMedia(t, db, 0)
	for range 2 {
		if err := db.DropMedia(t.Context(), m.ID); err != nil {
			t.Fatal(err)
		}
	}
	known, err := db.KnownMedia(t.Context(), []wire.ID{m.ID, other.ID, wire.NewID()})
	if err != nil || !slices.Equal(known, []wire.ID{other.ID}) {
		t.Errorf("known %v, error %v, want %s alone", known, err, other.ID)
	}
}

// Of the rows that nobody touched for a day go those that no message refers to,
// also when there are more of either than one statement looks at.
func TestDropUnusedMedia(t *testing.T) {
	t.Parallel()
	db := openStore(t, pgtest.New(t))
	unused, fresh, used, other := newMedia(t, db, 25*time.Hour), newMedia(t, db, 23*time.Hour), newMedia(t, db, 25*time.Hour), newMedia(t, db, 25*time.Hour)
	refer(t, db, used)
	wantCode(t, db.Commit(t.Context(), askingWith(newThread(t, db, wire.NewID()), other)), wire.CodeNotFound) // not the owner
	kept := newMedia(t, db, 25*time.Hour)
	if err := db.Commit(t.Context(), askingWith(newThread(t, db, kept.Owner), kept)); err != nil {
		t.Fatal(err)
	}
	if _, err := db.pool.Exec(t.Context(), `UPDATE recall_messages SET media_id = NULL WHERE media_id = $1`, kept.ID); err != nil {
		t.Fatal(err) // so that nothing but the mark keeps it
	}
	if _, err := db.pool.Exec(t.Context(), copies, used.ID, 2*unusedBatch); err != nil { // rows of the same time, with a message each
		t.Fatal(err)
	}
	dropped, err := db.DropUnusedMedia(t.Context(), 24*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if len(dropped) != 2 || !slices.Contains(dropped, unused.ID) || !slices.Contains(dropped, other.ID) {
		t.Errorf("dropped %v, want %s and %s", dropped, unused.ID, other.ID)
	}
	known, err := db.KnownMedia(t.Context(), []wire.ID{unused.ID, other.ID, fresh.ID, used.ID, kept.ID})
	if err != nil || len(known) != 3 {
		t.Errorf("%d rows are left, error %v, want 3", len(known), err)
	}
	if n := value[int](t, db, `SELECT count(*) FROM recall_media`); n != 3+2*unusedBatch {
		t.Errorf("%d rows are left, want %d", n, 3+2*unusedBatch)
	}
}

// A row that is being used while it is to be dropped stays: the drop waits for the
// commit and then sees that the row was touched.
func TestDropWaitsForUse(t *testing.T) {
	t.Parallel()
	db := openStore(t, pgtest.New(t))
	m := newMedia(t, db, 25*time.Hour)
	tx, err := db.pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	execCommit(t, tx, askingWith(newThread(t, db, m.Owner), m))
	var dropped []wire.ID
	done := make(chan error)
	go func() {
		var err error
		dropped, err = db.DropUnusedMedia(t.Context(), 24*time.Hour)
		done <- err
	}()
	awaitLockWait(t, db)
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil || len(dropped) > 0 {
		t.Errorf("dropped %v, error %v, want nothing", dropped, err)
	}
	if _, err := db.Media(t.Context(), m.Owner, m.ID); err != nil {
		t.Error(err)
	}
}

// And the other way round: a commit whose media are being dropped waits, and then
// finds nothing and writes nothing, alone as well as in a group.
func TestUseWaitsForDrop(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]Options{"alone": {NoBatching: true}, "in a group": gathering(2)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := openWith(t, o)
			m := newMedia(t, db, 25*time.Hour)
			a, other := newThread(t, db, m.Owner), newThread(t, db, wire.NewID())
			tx, err := db.pool.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := tx.Exec(t.Context(), dropMedia, m.ID); err != nil {
				t.Fatal(err)
			}
			var errs []error
			done := make(chan struct{})
			go func() {
				defer close(done)
				errs = commitAll(t, db, askingWith(a, m), asking(other, 1))
			}()
			awaitLockWait(t, db)
			if err := tx.Commit(t.Context()); err != nil {
				t.Fatal(err)
			}
			<-done
			wantCode(t, errs[0], wire.CodeNotFound)
			if errs[1] != nil {
				t.Error(errs[1])
			}
			if n := value[int](t, db, `SELECT count(*) FROM recall_messages WHERE thread_id = $1`, a.Thread.ID); n != 0 {
				t.Errorf("%d messages were written", n)
			}
		})
	}
}

// askingWith is the step that begins a recall with this upload.
func askingWith(a wire.Activation, m wire.Media) *wire.Commit {
	c := asking(a, 1)
	c.Postings[0].Type, c.Postings[0].Text, c.Postings[0].MediaID = wire.TypeVoice, "", m.ID
	c.Accepted.Input = wire.Input{Kind: m.Kind, MediaID: m.ID}
	return c
}

// awaitLockWait returns when somebody waits for a lock. Postgres tells nobody, so it
// is asked.
func awaitLockWait(t *testing.T, db *DB) {
	t.Helper()
	for value[bool](t, db, nobodyWaits) {
		_ = value[string](t, db, `SELECT pg_sleep(0.01)::text`)
	}
}

const nobodyWaits = `
SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')`

const copies = `
WITH n AS (INSERT INTO recall_media (id, owner, kind, content_type, extension, size, sha256, created_at, touched_at)
    SELECT gen_random_uuid(), owner, kind, content_type, extension, size, sha256, created_at, now() - interval '30 h'
      FROM recall_media, generate_series(1, $2::int) WHERE id = $1 RETURNING id)
INSERT INTO recall_messages (thread_id, seq, media_id)
SELECT (SELECT thread_id FROM recall_messages WHERE media_id = $1), 100 + row_number() OVER (), id FROM n`
