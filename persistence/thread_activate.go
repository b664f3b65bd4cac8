package persistence

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"recall/wire"
)

// The statements of one activation. The row is locked first: only then do the
// later ones see the recalls that a commit in flight has left behind.
const (
	lockThread = `SELECT FROM recall_threads WHERE id = $1 FOR UPDATE`

	// A new thread is born active, as takeThread would leave it.
	insertThread = `
INSERT INTO recall_threads (id, user_id, title, pinned, archived, summary, created_at, last_message_at, fence, epoch)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, '1')
ON CONFLICT (id) DO NOTHING
RETURNING user_id, fence, ` + threadColumns

	// Without a crash, the epoch and its numbering go on. An open recall means
	// that there was one: events that were sent but not stored are forgotten.
	takeThread = `
UPDATE recall_threads t
   SET fence = fence + 1,
       epoch = CASE WHEN epoch = '' OR EXISTS (SELECT FROM recalls r WHERE r.thread_id = t.id AND r.state = 'open')
                    THEN (fence + 1)::text ELSE epoch END
 WHERE id = $1 AND deleted_at IS NULL AND ($2::uuid IS NULL OR user_id = $2)
RETURNING user_id, fence, ` + threadColumns

	openRecalls = `SELECT ` + recallColumns + ` FROM recalls r
 WHERE thread_id = $1 AND state = 'open' ORDER BY accepted_at, id`
)

// Activate takes the thread over: its fence rises, so that whoever held it
// before can write no more. The epoch is kept unless the thread has open recalls
// (then events of it were lost) or never had one. A deleted thread is not found.
func (db *DB) Activate(ctx context.Context, threadID wire.ID) (a wire.Activation, err error) {
	ctx, end := db.begin(ctx, "fetch_thread", &err)
	defer end()
	return db.activate(ctx, threadID, wire.ID{})
}

// Create makes the thread t of owner and activates it. If the owner has it
// already, the existing one is activated and t ignored; an id that is somebody
// else's or was deleted is not found. A new thread takes one statement: to lock it, take
// it over and look for open recalls as well was twice as dear.
func (db *DB) Create(ctx context.Context, owner wire.ID, t wire.Thread) (a wire.Activation, err error) {
	ctx, end := db.begin(ctx, "create_thread", &err)
	defer end()
	row := db.pool.QueryRow(ctx, insertThread, t.ID, owner, t.Title, t.Pinned, t.Archived, t.Summary,
		wire.At(t.CreatedAt.Time).Time, wire.At(t.LastMessageAt.Time).Time)
	if err = scanActivation(row, &a); !errors.Is(err, pgx.ErrNoRows) {
		return a, err
	}
	return db.activate(ctx, t.ID, owner) // it is there already
}

func scanActivation(row pgx.Row, a *wire.Activation) error {
	return row.Scan(append([]any{&a.Owner, &a.Fence}, threadTargets(&a.Thread)...)...)
}

// activate takes over a thread that is there, in one implicit transaction. A zero owner
// stands for any.
func (db *DB) activate(ctx context.Context, threadID, owner wire.ID) (wire.Activation, error) {
	var a wire.Activation
	batch := new(pgx.Batch)
	batch.Queue(lockThread, threadID)
	batch.Queue(takeThread, threadID, owner).QueryRow(func(row pgx.Row) error { return scanActivation(row, &a) })
	batch.Queue(openRecalls, threadID).Query(func(rows pgx.Rows) (err error) {
		a.Open, err = pgx.CollectRows(rows, scanRecall)
		return err
	})
	err := db.pool.SendBatch(ctx, batch).Close()
	if errors.Is(err, pgx.ErrNoRows) {
		return wire.Activation{}, wire.NotFound("thread")
	}
	return a, err
}
