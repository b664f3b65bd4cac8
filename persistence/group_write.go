package persistence

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// schedule starts a group when its time has come, or sees to it that somebody looks
// again, under the lock. While a group waits for its connection the queue is its.
func (w *groupWriter) schedule() {
	if w.opening || len(w.queue) == 0 || w.flying == groupsAtOnce {
		return
	}
	if left := time.Until(w.due(w.queue[0].since)); left > 0 && len(w.queue) < w.most && !w.closed {
		w.lookAgain(left)
		return
	}
	w.opening, w.began = true, time.Now()
	w.flying++
	w.users.Go(w.fly)
}

// due is when a group has gathered long enough whose first commit came at since.
func (w *groupWriter) due(since time.Time) time.Time {
	due := since.Add(w.patience())
	if apart := w.began.Add(waitsApart * w.wait); apart.After(due) {
		return apart
	}
	return due
}

// patience is how long a commit waits for others to come.
func (w *groupWriter) patience() time.Duration {
	if w.flying > 0 {
		return max(w.wait, slowGroup)
	}
	return w.wait
}

func (w *groupWriter) lookAgain(after time.Duration) {
	if w.timer != nil {
		w.timer.Reset(after)
		return
	}
	w.timer = time.AfterFunc(after, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.schedule()
	})
}

// fly writes one group, from the wait for a connection to the fate of each.
func (w *groupWriter) fly() {
	conn, err := w.acquire()
	group := w.take()
	if err != nil {
		w.land(group, allOf(fate{err: notSent("wait for a connection", err)}))
		return
	}
	fateOf := w.write(conn, group)
	conn.Release() // before the callers go on, who may want one
	w.land(group, fateOf)
}

// acquire waits for a connection. That has a time of its own, not the statement's:
// who joins the group at the end of the wait is to be written all the same.
func (w *groupWriter) acquire() (*pgxpool.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), w.db.patience)
	defer cancel()
	return w.db.pool.Acquire(ctx)
}

// take ends the gathering. Whoever has given up by now is not among them.
func (w *groupWriter) take() []*entry {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := min(len(w.queue), w.most)
	group := make([]*entry, n)
	copy(group, w.queue)
	w.queue = append(w.queue[:0], w.queue[n:]...)
	clear(w.queue[len(w.queue):cap(w.queue)])
	for _, e := range group {
		e.size = n
	}
	w.opening = false
	w.schedule()
	return group
}

// land tells each its fate and lets the next group go.
func (w *groupWriter) land(group []*entry, fateOf func(i int) fate) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, e := range group {
		e.fate = fateOf(i)
		close(e.told)
		if !e.alone || e.left { // else its caller frees the thread when it is done
			w.next(e.thread)
		}
	}
	w.flying--
	w.schedule()
}

// allOf is one fate for all.
func allOf(f fate) func(int) fate { return func(int) fate { return f } }

// write sends the group, and returns the fate of each.
func (w *groupWriter) write(conn *pgxpool.Conn, group []*entry) func(int) fate {
	if len(group) == 0 { // all have given up
		return allOf(fate{})
	}
	ctx, cancel := context.WithTimeout(context.Background(), w.db.patience)
	defer cancel()
	w.groups.Add(1)
	w.commits.Add(int64(len(group)))
	rows, err := w.send(inTraceOf(ctx, group), conn, group)
	switch {
	case err == nil:
		return func(i int) fate { return rows[i].fate() }
	case refused(err):
		return allOf(fate{alone: true})
	default:
		return allOf(fate{err: translate(opCommit, err)})
	}
}

// send is the one statement, for a single commit too: it does not wait for a thread
// that somebody has locked, and nor must those who come next.
func (w *groupWriter) send(ctx context.Context, conn *pgxpool.Conn, group []*entry) (rows []groupRow, err error) {
	defer func(start time.Time) {
		w.db.observe("commit_group", time.Since(start), translate(opCommit, err))
	}(time.Now())
	docs := make(groupDocs, len(group))
	for i, e := range group {
		docs[i] = e.whole
	}
	found, _ := conn.Query(ctx, commitBatch, docs)
	rows, err = pgx.CollectRows(found, pgx.RowToStructByPos[groupRow])
	if err == nil && len(rows) != len(group) {
		err = errors.New("recall_commit_batch has not told the fate of each")
	}
	return rows, err
}

// refused tells whether Postgres would not have the group as it is, so that nothing
// of it is written, and each alone may do better: one may hold what is no JSON to it,
// or somebody a whole table, for which one alone waits longer.
func refused(err error) bool {
	var fault *pgconn.PgError
	return errors.As(err, &fault) && (fault.Code == stateNoLock || !passing(fault.Code))
}

const commitBatch = `SELECT place, state, constraint_name, message FROM recall_commit_batch($1) ORDER BY place`

// groupRow is what recall_commit_batch says of one commit.
type groupRow struct {
	Place      int
	State      string // '' is written, stateLocked, or a SQLSTATE
	Constraint string
	Message    string
}

// fate reads the row as if the commit had been sent alone.
func (r groupRow) fate() fate {
	switch r.State {
	case "":
		return fate{}
	case stateLocked:
		return fate{alone: true}
	default:
		return fate{err: translate(opCommit, &pgconn.PgError{
			Severity: "ERROR", Code: r.State, ConstraintName: r.Constraint, Message: r.Message,
		})}
	}
}
