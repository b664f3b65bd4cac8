package persistence

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"recall/wire"
)

// songCopy is a copy of the catalogue kept by WatchSongs. After each event it
// shows itself to whoever waits.
type songCopy struct {
	mu     sync.Mutex
	songs  map[int64]string
	resets int
	shown  chan struct{} // holds one token when something changed
}

func watchSongs(t *testing.T, db *DB) *songCopy {
	t.Helper()
	c := &songCopy{songs: map[int64]string{}, shown: make(chan struct{}, 1)}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- db.WatchSongs(ctx, SongEvents{Reset: c.reset, Upsert: c.upsert, Remove: c.remove}) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("the watch ended with %v", err)
		}
	})
	return c
}

func (c *songCopy) change(f func()) {
	c.mu.Lock()
	f()
	c.mu.Unlock()
	select {
	case c.shown <- struct{}{}:
	default:
	}
}

func (c *songCopy) reset(load func(func([]wire.Song) error) error) error {
	fresh := map[int64]string{}
	err := load(func(batch []wire.Song) error {
		for _, s := range batch {
			fresh[s.ID] = s.Title
		}
		return nil
	})
	if err == nil {
		c.change(func() { c.songs = fresh; c.resets++ })
	}
	return err
}

func (c *songCopy) upsert(songs ...wire.Song) {
	c.change(func() {
		for _, s := range songs {
			c.songs[s.ID] = s.Title
		}
	})
}

func (c *songCopy) remove(ids ...int64) {
	c.change(func() {
		for _, id := range ids {
			delete(c.songs, id)
		}
	})
}

// await returns once the copy holds these titles after that many resets.
func (c *songCopy) await(t *testing.T, resets int, titles ...string) {
	t.Helper()
	for {
		c.mu.Lock()
		got, n := slices.Sorted(maps.Values(c.songs)), c.resets
		c.mu.Unlock()
		if slices.Equal(got, titles) && n == resets {
			return
		}
		select {
		case <-c.shown:
		case <-t.Context().Done():
			t.Fatalf("holds %v after %d resets, want %v after %d", got, n, titles, resets)
		}
	}
}

func TestWatchFollowsChanges(t *testing.T) {
	t.Parallel()
	db := songDB(t)
	mustImport(t, db, "title,artist\nA,X\n", ImportOptions{})
	c := watchSongs(t, db)
	c.await(t, 1, "A")
	mustImport(t, db, "title,artist\nB,X\nC,X\n", ImportOptions{})
	c.await(t, 1, "A", "B", "C")
	execSQL(t, db, `UPDATE songs SET title = 'Bee' WHERE title = 'B'`)
	c.await(t, 1, "A", "Bee", "C")
	execSQL(t, db, `DELETE FROM songs WHERE title = 'A'`)
	c.await(t, 1, "Bee", "C")
	execSQL(t, db, `TRUNCATE songs`)
	c.await(t, 2)
}

// 200 songs are named one by one, 201 are a reason to read everything.
func TestWatchReadsEverythingAfterAManyRowedChange(t *testing.T) {
	t.Parallel()
	db := songDB(t)
	c := watchSongs(t, db)
	c.await(t, 1)
	for i, n := range []int{200, 201} {
		execSQL(t, db, `INSERT INTO songs (title, artist) SELECT n, $1 FROM generate_series(1001, 1000 + $2::int) n`, fmt.Sprint(i), n)
		titles := make([]string, 0, 2*n)
		for j := range 200 {
			titles = append(titles, fmt.Sprint(1001+j))
		}
		if i == 1 {
			titles = append(append(titles, titles...), "1201")
			slices.Sort(titles)
		}
		c.await(t, 1+i, titles...)
	}
}

func TestWatchReconnectsAndMissesNothing(t *testing.T) {
	t.Parallel()
	db := songDB(t)
	c := watchSongs(t, db)
	c.await(t, 1)
	// In one transaction: the connection dies and a song comes that nobody hears of.
	execSQL(t, db, `WITH killed AS (
			SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
			WHERE datname = current_database() AND application_name = 'recall watch songs')
		INSERT INTO songs (title, artist) SELECT 'Unheard', count(*)::text FROM killed`)
	c.await(t, 2, "Unheard")
	mustImport(t, db, "title,artist\nWanted,X\n", ImportOptions{})
	c.await(t, 2, "Unheard", "Wanted")
}

// What a later version's trigger may say leads to a reset, never to a loss.
func TestWatchReadsEverythingWhenItDoesNotUnderstand(t *testing.T) {
	t.Parallel()
	db := songDB(t)
	c := watchSongs(t, db)
	c.await(t, 1)
	for i, payload := range []string{"", "reload", "upsert", "upsert 1,x", "range 1-9", strings.Repeat("9", 30)} {
		execSQL(t, db, `SELECT pg_notify('songs', $1)`, payload)
		c.await(t, 2+i)
	}
	execSQL(t, db, `SELECT pg_notify('songs', 'upsert 77')`) // gone before we could read it
	execSQL(t, db, `INSERT INTO songs (title, artist) VALUES ('A', 'X')`)
	c.await(t, 7, "A")
}
