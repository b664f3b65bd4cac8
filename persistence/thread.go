package persistence

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"recall/wire"
)

// threadColumns are what a [wire.Thread] is read from, in the order of threadTargets.
const threadColumns = `id, coalesce(title, ''), pinned, archived, coalesce(summary, ''),
       created_at, last_message_at, seq, epoch`

func threadTargets(t *wire.Thread) []any {
	return []any{&t.ID, &t.Title, &t.Pinned, &t.Archived, &t.Summary,
		(*instant)(&t.CreatedAt), (*instant)(&t.LastMessageAt), &t.Seq, &t.Epoch}
}

// Two statements, so that each can use the index that is made for it.
const (
	activeThreads = `
SELECT last_message_at, ` + threadColumns + ` FROM recall_threads
 WHERE user_id = $1 AND deleted_at IS NULL AND NOT archived AND (last_message_at, id) < ($2, $3)
 ORDER BY last_message_at DESC, id DESC LIMIT $4`

	archivedThreads = `
SELECT last_message_at, ` + threadColumns + ` FROM recall_threads
 WHERE user_id = $1 AND deleted_at IS NULL AND archived AND (last_message_at, id) < ($2, $3)
 ORDER BY last_message_at DESC, id DESC LIMIT $4`
)

// listedThread is a thread and its exact place in the list.
type listedThread struct {
	thread wire.Thread
	at     time.Time
}

func scanListedThread(row pgx.CollectableRow) (l listedThread, err error) {
	err = row.Scan(append([]any{&l.at}, threadTargets(&l.thread)...)...)
	return l, err
}

// Threads lists the owner's threads, the one with the latest message first.
func (db *DB) Threads(ctx context.Context, owner wire.ID, q wire.ThreadList) (_ *wire.Threads, err error) {
	ctx, end := db.begin(ctx, "list_threads", &err)
	defer end()
	after, err := parseCursor(q.Cursor)
	if err != nil {
		return nil, err
	}
	query := activeThreads
	if q.Archived {
		query = archivedThreads
	}
	size := q.PageSize()
	rows, _ := db.pool.Query(ctx, query, owner, after.at, after.id, size+1)
	found, err := pgx.CollectRows(rows, scanListedThread)
	if err != nil {
		return nil, err
	}
	list := &wire.Threads{Threads: make([]wire.Thread, 0, size)}
	for i, l := range found {
		if i == size {
			last := found[i-1]
			list.NextCursor = place{last.at, last.thread.ID}.cursor()
			break
		}
		list.Threads = append(list.Threads, l.thread)
	}
	return list, nil
}

const threadsWithOpenRecalls = `
SELECT DISTINCT r.thread_id FROM recalls r JOIN recall_threads t ON t.id = r.thread_id
 WHERE r.state = 'open' AND t.deleted_at IS NULL`

// ThreadsWithOpenRecalls are those to be woken after a start: a crash has left
// recalls of theirs without an end. In no order.
func (db *DB) ThreadsWithOpenRecalls(ctx context.Context) (ids []wire.ID, err error) {
	ctx, end := db.begin(ctx, "threads_with_open_recalls", &err)
	defer end()
	rows, _ := db.pool.Query(ctx, threadsWithOpenRecalls)
	return pgx.CollectRows(rows, pgx.RowTo[wire.ID])
}
