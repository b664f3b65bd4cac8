package media

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"recall/persistence"
	"recall/wire"
)

// put writes a file into the local bucket as somebody else would.
func putFile(t *testing.T, s *Store, key string, age time.Duration) {
	t.Helper()
	name := filepath.Join(s.options.Dir, filepath.FromSlash(key))
	if err := os.MkdirAll(filepath.Dir(name), privateDir); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte("GIF89a"), 0o600); err != nil {
		t.Fatal(err)
	}
	then := time.Now().Add(-age)
	if err := os.Chtimes(name, then, then); err != nil {
		t.Fatal(err)
	}
}

// Of what has no row goes what is ours and old, however much there is.
func TestSweepRemovesOrphansOnly(t *testing.T) {
	t.Parallel()
	db, _ := openDB(t)
	s := openLocal(t, Options{Rows: db})
	owner := wire.NewID()
	kept := stored(t, s, owner, wire.InputImage, []byte("GIF89a"))
	then := time.Now().Add(-2 * time.Hour)
	if err := os.Chtimes(filepath.Join(s.options.Dir, filepath.FromSlash(key(kept))), then, then); err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{key(kept): true}
	for range knownBatch + 5 { // in one folder: more than one statement looks up
		id := wire.NewID()
		id[15] = 0x2a
		putFile(t, s, key(id), 2*time.Hour)
	}
	putFile(t, s, key(kept)+".18a2b3c4d5e6f708.tmp", 2*time.Hour) // the process was killed while it copied
	for _, stays := range []string{"readme.txt", "2a/readme.txt", "zz/" + wire.NewID().String()} {
		putFile(t, s, stays, 2*time.Hour)
		want[stays] = true
	}
	young := key(wire.NewID())
	putFile(t, s, young, 50*time.Minute)
	want[young] = true

	swept, err := s.Sweep(t.Context())
	if err != nil || swept != (Swept{Orphans: knownBatch + 6}) {
		t.Errorf("swept %+v, error %v, want %d orphans", swept, err, knownBatch+6)
	}
	left := files(t, s.options.Dir)
	for _, name := range left {
		if rel, _ := filepath.Rel(s.options.Dir, name); !want[filepath.ToSlash(rel)] {
			t.Errorf("%s is left", rel)
		}
	}
	if len(left) != len(want) {
		t.Errorf("%d files are left, want %d", len(left), len(want))
	}
}

// Uploads that nobody touched for a day go, row and blob, unless somebody asks with
// them in that moment: whoever's recall was accepted, finds them.
func TestSweepNeverTakesWhatIsUsed(t *testing.T) {
	t.Parallel()
	db, url := openDB(t)
	s := openLocal(t, Options{Rows: db})
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(t.Context()) })
	owner := wire.NewID()
	used, lost := 0, 0
	for range 12 {
		asks := make([]*wire.Commit, 16)
		for i := range asks {
			asks[i] = asking(t, db, owner, stored(t, s, owner, wire.InputImage, []byte("GIF89a")))
		}
		if _, err := conn.Exec(t.Context(), `UPDATE recall_media SET touched_at = now() - interval '25 h'`); err != nil {
			t.Fatal(err)
		}
		told := race(t, s, db, asks)
		for i, c := range asks {
			id := c.Accepted.Input.MediaID
			m, err := db.Media(t.Context(), owner, id)
			if (told[i] == nil) != (err == nil) {
				t.Fatalf("the recall was told %v, and of the row %v", told[i], err)
			}
			_, err = content(t, s, wire.Media{ID: id, Size: max(m.Size, 1)})
			if (told[i] == nil) != (err == nil) {
				t.Fatalf("the recall was told %v, and of the blob %v", told[i], err)
			}
			if told[i] == nil {
				used++
				continue
			}
			lost++
			if _, err := s.Get(t.Context(), owner, id); err == nil {
				t.Error("a swept row is still remembered")
			}
		}
	}
	t.Logf("%d were used, %d were swept before", used, lost)
}

// asking is the step that begins a recall with this upload, on a thread of its own.
// The message does not refer to it, so that nothing but the mark keeps it.
func asking(t *testing.T, db *persistence.DB, owner, id wire.ID) *wire.Commit {
	t.Helper()
	now := wire.At(time.Now())
	a, err := db.Create(t.Context(), owner, wire.Thread{ID: wire.NewID(), CreatedAt: now, LastMessageAt: now})
	if err != nil {
		t.Fatal(err)
	}
	return &wire.Commit{ThreadID: a.Thread.ID, Owner: owner, Fence: a.Fence, Seq: 1,
		Accepted: &wire.Recall{ID: wire.NewID(), ThreadID: a.Thread.ID, UserID: owner, RequestID: wire.NewID(), MessageID: wire.NewID(),
			Input: wire.Input{Kind: wire.InputImage, MediaID: id}, AcceptedAt: now.Time}}
}

// race accepts all of the recalls while a sweep runs, and returns what each was told.
func race(t *testing.T, s *Store, db *persistence.DB, asks []*wire.Commit) []error {
	t.Helper()
	told := make([]error, len(asks))
	var all sync.WaitGroup
	start := make(chan struct{})
	all.Go(func() {
		<-start
		if _, err := s.Sweep(t.Context()); err != nil {
			t.Error(err)
		}
	})
	for i, c := range asks {
		all.Go(func() {
			<-start
			_, err := s.Use(t.Context(), c.Owner, c.Accepted.Input.MediaID, wire.InputImage)
			if told[i] = err; err == nil {
				told[i] = db.Commit(t.Context(), c)
			}
			var e *wire.Error
			if told[i] != nil && (!errors.As(told[i], &e) || e.Code != wire.CodeNotFound) {
				t.Errorf("use failed: %v", told[i])
			}
		})
	}
	close(start)
	all.Wait()
	return told
}
