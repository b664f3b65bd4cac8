package persistence

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"recall/wire"
)

const (
	// groupsAtOnce are written at a time at most: one of them may wait for the disk
	// while Postgres works on the other. More would only be smaller.
	groupsAtOnce = 2

	// slowGroup is when a group under way no longer stands for a busy database but for
	// one that waits for something, and the next one does not wait for its end.
	slowGroup = 25 * time.Millisecond

	// waitsApart is how far apart groups begin at least, in waits: where many commits come,
	// more of them share a group, and one that comes alone waits no longer for that. At
	// 1200 commits a second it is 10 in a group instead of 4, which spares Postgres and the
	// server a quarter of their time for commits.
	waitsApart = 4
)

// groupWriter gathers the commits of many threads and writes them together. Of one
// thread it has one commit under way at most, so that they are written in the order
// in which they came. It has no goroutine but one for each group being written.
type groupWriter struct {
	db    *DB
	wait  time.Duration // for others, while nothing is being written
	most  int           // in a group
	turns chan struct{} // held by who writes alone; they may wait long, each with a connection

	groups, commits atomic.Int64 // written, or tried to be

	mu      sync.Mutex
	queue   []*entry             // ready, the one that waits longest first
	behind  map[wire.ID][]*entry // by thread that has an entry: those that come after it
	began   time.Time            // of the latest group
	flying  int                  // groups from the wait for a connection to their end
	opening bool                 // one of them waits for its connection and takes what is queued then
	timer   *time.Timer
	closed  bool
	users   sync.WaitGroup
}

// entry is a commit and what has become of it. Its owner is the caller of
// [DB.Commit] until a group takes it, and again when told is closed.
type entry struct {
	commitDoc
	ctx   context.Context //nolint:containedctx // for its span, which the group's statement may belong to
	since time.Time
	ready time.Time // not waiting for its own thread any more; zero: it is

	size int  // of the group that took it; 0: none has
	left bool // the caller does not wait any more
	told chan struct{}
	fate // known when told is closed
}

// fate is what a group has to say of one of its commits.
type fate struct {
	err   error
	alone bool // not tried: the caller has to write it alone
}

func newGroupWriter(db *DB, o Options) *groupWriter {
	return &groupWriter{db: db, wait: o.BatchWait, most: o.BatchMost, turns: make(chan struct{}, max(1, o.MaxConns/4)),
		behind: make(map[wire.ID][]*entry)}
}

// enter queues e, behind those of its thread.
func (w *groupWriter) enter(e *entry) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return false
	}
	w.users.Add(1)
	if later, taken := w.behind[e.thread]; taken {
		w.behind[e.thread] = append(later, e)
		return true
	}
	w.behind[e.thread] = nil
	e.ready = e.since
	w.queue = append(w.queue, e)
	w.schedule()
	return true
}

// withdraw takes e out, under the lock.
func (w *groupWriter) withdraw(e *entry) {
	if at := slices.Index(w.queue, e); at >= 0 {
		w.queue = slices.Delete(w.queue, at, at+1)
		w.next(e.thread)
		return
	}
	later := w.behind[e.thread]
	if at := slices.Index(later, e); at >= 0 {
		w.behind[e.thread] = slices.Delete(later, at, at+1)
	}
}

// free lets the thread's next commit go.
func (w *groupWriter) free(e *entry) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.next(e.thread)
	w.schedule()
}

// next makes the thread's next commit ready, in the place that its wait has earned,
// under the lock.
func (w *groupWriter) next(thread wire.ID) {
	later := w.behind[thread]
	if len(later) == 0 {
		delete(w.behind, thread)
		return
	}
	e := later[0]
	w.behind[thread] = later[1:]
	e.ready = time.Now()
	at, _ := slices.BinarySearchFunc(w.queue, e, func(a, b *entry) int { return a.since.Compare(b.since) })
	w.queue = slices.Insert(w.queue, at, e)
}

// close lets what is queued be written at once, waits for that, and refuses what
// comes later.
func (w *groupWriter) close() {
	w.mu.Lock()
	w.closed = true
	w.schedule()
	w.mu.Unlock()
	w.users.Wait()
}

// waiting is how long the commit that waits longest has been doing so without need:
// not to gather others, and not for one of its own thread. Short waits are none.
func (w *groupWriter) waiting() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.queue) == 0 {
		return 0
	}
	first := slices.MinFunc(w.queue, func(a, b *entry) int { return a.ready.Compare(b.ready) })
	if waited := time.Since(w.due(first.ready)); waited > shortWait {
		return waited
	}
	return 0
}
