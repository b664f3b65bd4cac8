package persistence

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"recall/wire"
)

const recallColumns = `r.id, r.thread_id, r.user_id, r.request_id, r.message_id, r.input, r.accepted_at`

func scanRecall(row pgx.CollectableRow) (r wire.Recall, err error) {
	var at wire.Time
	err = row.Scan(&r.ID, &r.ThreadID, &r.UserID, &r.RequestID, &r.MessageID, &r.Input, (*instant)(&at))
	r.AcceptedAt = at.Time
	return r, err
}

const admissions = `
SELECT id, request_id, thread_id, accepted_at, state <> 'open' FROM recalls
 WHERE user_id = $1 AND accepted_at >= $2 ORDER BY accepted_at, id`

// Admissions are the user's recalls accepted at since or later, oldest first.
func (db *DB) Admissions(ctx context.Context, userID wire.ID, since time.Time) (_ []wire.Admission, err error) {
	ctx, end := db.begin(ctx, "fetch_admissions", &err)
	defer end()
	rows, _ := db.pool.Query(ctx, admissions, userID, since)
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (a wire.Admission, err error) {
		var at wire.Time
		err = row.Scan(&a.RecallID, &a.RequestID, &a.ThreadID, (*instant)(&at), &a.Ended)
		a.AcceptedAt = at.Time
		return a, err
	})
}

const (
	recallByRequest = `SELECT ` + recallColumns + ` FROM recalls r WHERE r.user_id = $1 AND r.request_id = $2`

	messageOfRequest = `
SELECT ` + messageColumns + ` FROM recalls r JOIN recall_messages m ON m.id = r.message_id
 WHERE r.user_id = $1 AND r.request_id = $2`
)

// RecallByRequest finds the recall that the user's request_id made, and the
// user's message with it.
func (db *DB) RecallByRequest(ctx context.Context, userID, requestID wire.ID) (r wire.Recall, p *wire.Posting, err error) {
	ctx, end := db.begin(ctx, "fetch_recall", &err)
	defer end()
	batch := new(pgx.Batch)
	batch.Queue(recallByRequest, userID, requestID).Query(func(rows pgx.Rows) (err error) {
		r, err = pgx.CollectExactlyOneRow(rows, scanRecall)
		return err
	})
	batch.Queue(messageOfRequest, userID, requestID).Query(func(rows pgx.Rows) (err error) {
		p, err = pgx.CollectExactlyOneRow(rows, db.scanPosting)
		return err
	})
	err = db.pool.SendBatch(ctx, batch).Close()
	if errors.Is(err, pgx.ErrNoRows) {
		return wire.Recall{}, nil, wire.NotFound("recall")
	}
	return r, p, err
}

const threadOfRecall = `
SELECT t.id FROM recalls r JOIN recall_threads t ON t.id = r.thread_id
 WHERE r.id = $1 AND r.user_id = $2 AND t.deleted_at IS NULL`

// ThreadOfRecall finds the thread of the user's recall.
func (db *DB) ThreadOfRecall(ctx context.Context, userID, recallID wire.ID) (id wire.ID, err error) {
	ctx, end := db.begin(ctx, "thread_of_recall", &err)
	defer end()
	err = db.pool.QueryRow(ctx, threadOfRecall, recallID, userID).Scan(&id)
	return id, orNotFound(err, "recall")
}

// orNotFound words the absence of a row.
func orNotFound(err error, what string) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return wire.NotFound(what)
	}
	return err
}
