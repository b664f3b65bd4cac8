package persistence

import (
	"bytes"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"recall/persistence/pgtest"
)

// logLines keeps what is logged, line by line.
type logLines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logLines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *logLines) logger(level slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: level}))
}

func (l *logLines) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.FieldsFunc(l.buf.String(), func(r rune) bool { return r == '\n' })
}

// want expects these parts of the lines, in order and nothing else.
func (l *logLines) want(t *testing.T, parts ...string) {
	t.Helper()
	if got := l.all(); !slices.EqualFunc(got, parts, strings.Contains) {
		t.Errorf("logged %q, want %q", got, parts)
	}
}

func TestLeadIsLostOnceAndBackOnce(t *testing.T) {
	t.Parallel()
	var lines logLines
	l := leadLog{log: lines.logger(slog.LevelInfo)}
	gone := errors.New("gone")
	l.failed(t.Context(), gone, time.Second)
	lines.want(t) // it never led
	l.taken(t.Context())
	lines.want(t)
	l.failed(t.Context(), gone, 1500*time.Millisecond)
	l.failed(t.Context(), gone, time.Second)
	l.taken(t.Context())
	l.taken(t.Context())
	lines.want(t, `msg="the lead was lost" error=gone retry_in=1.5s`, "the database is back: this process leads again")
}

// The watch says that it was interrupted, and once that the database is back.
func TestWatchSaysThatTheDatabaseIsBack(t *testing.T) {
	t.Parallel()
	var lines logLines
	db, err := Open(t.Context(), Options{URL: pgtest.New(t), Logger: lines.logger(slog.LevelInfo)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	c := watchSongs(t, db)
	c.await(t, 1)
	lines.want(t)
	execSQL(t, db, `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
		WHERE datname = current_database() AND application_name = 'recall watch songs'`)
	c.await(t, 2)
	mustImport(t, db, "title,artist\nHeard,X\n", ImportOptions{})
	c.await(t, 2, "Heard") // so that the line about being back is out
	lines.want(t, "watching the catalogue was interrupted", "the database is back: the catalogue is watched again")
}
