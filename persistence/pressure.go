package persistence

import (
	"container/list"
	"context"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// shortWait is what getting a free connection may take: no wait.
const shortWait = time.Millisecond

// connWaits knows who is waiting for a connection. It is called by the pool.
type connWaits struct {
	observe func(op string, d time.Duration, err error)

	mu    sync.Mutex
	since list.List // of time.Time, the earliest first
}

// connWait is the key of a waiter's place in a context.
type connWait struct{}

// TraceAcquireStart implements [pgxpool.AcquireTracer].
func (w *connWaits) TraceAcquireStart(ctx context.Context, _ *pgxpool.Pool, _ pgxpool.TraceAcquireStartData) context.Context {
	w.mu.Lock()
	defer w.mu.Unlock()
	return context.WithValue(ctx, connWait{}, w.since.PushBack(time.Now()))
}

// TraceAcquireEnd implements [pgxpool.AcquireTracer]. Real waits are an operation
// of their own, db_wait.
func (w *connWaits) TraceAcquireEnd(ctx context.Context, _ *pgxpool.Pool, data pgxpool.TraceAcquireEndData) {
	place, ok := ctx.Value(connWait{}).(*list.Element)
	if !ok {
		return
	}
	w.mu.Lock()
	since, _ := w.since.Remove(place).(time.Time)
	w.mu.Unlock()
	if waited := time.Since(since); waited > shortWait {
		w.observe("db_wait", waited, translate("wait for a connection", data.Err))
	}
}

// longest is how long the one that waits longest has been waiting.
func (w *connWaits) longest() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	first := w.since.Front()
	if first == nil {
		return 0
	}
	since, _ := first.Value.(time.Time)
	if waited := time.Since(since); waited > shortWait {
		return waited
	}
	return 0
}

// Pressure is how long the caller that waits longest at this moment has been
// waiting for its turn: for a connection, or for its commit to be sent. 0 when
// nobody waits; the first millisecond does not count, nor while a commit gathers
// others, for [Options.BatchWait] or behind a group being written.
func (db *DB) Pressure() time.Duration {
	waited := db.waits.longest()
	if db.groups != nil {
		waited = max(waited, db.groups.waiting())
	}
	return waited
}

// Spare tells whether there is room for work that nobody asked for: nobody waits,
// and at most half of the connections are in use.
func (db *DB) Spare() bool {
	s := db.Stat()
	return db.Pressure() == 0 && 2*s.AcquiredConns() <= s.MaxConns()
}

// Groups is how many groups of commits were sent so far, those of a single one
// included, and how many commits were in them.
func (db *DB) Groups() (groups, commits int64) {
	if db.groups == nil {
		return 0, 0
	}
	return db.groups.groups.Load(), db.groups.commits.Load()
}
