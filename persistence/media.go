package persistence

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"recall/wire"
)

const mediaColumns = `id, owner, kind, content_type, extension, size, sha256, created_at`

func scanMedia(row pgx.CollectableRow) (m wire.Media, err error) {
	var at wire.Time
	err = row.Scan(&m.ID, &m.Owner, &m.Kind, &m.ContentType, &m.Extension, &m.Size, &m.SHA256, (*instant)(&at))
	m.CreatedAt = at.Time
	return m, err
}

const (
	storeMedia = `
INSERT INTO recall_media (` + mediaColumns + `, touched_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now())`

	oneMedia = `SELECT ` + mediaColumns + ` FROM recall_media WHERE id = $1 AND owner = $2`

	dropMedia = `DELETE FROM recall_media WHERE id = $1`

	knownMedia = `SELECT id FROM recall_media WHERE id = ANY ($1)`
)

// StoreMedia adds the row of an upload whose bytes are stored.
func (db *DB) StoreMedia(ctx context.Context, m wire.Media) (err error) {
	ctx, end := db.begin(ctx, "store_media", &err)
	defer end()
	_, err = db.pool.Exec(ctx, storeMedia, m.ID, m.Owner, m.Kind, m.ContentType, m.Extension, m.Size, m.SHA256, m.CreatedAt)
	return err
}

// Media finds what owner uploaded.
func (db *DB) Media(ctx context.Context, owner, id wire.ID) (_ wire.Media, err error) {
	ctx, end := db.begin(ctx, "fetch_media", &err)
	defer end()
	rows, _ := db.pool.Query(ctx, oneMedia, id, owner)
	m, err := pgx.CollectExactlyOneRow(rows, scanMedia)
	return m, orNotFound(err, "media")
}

// DropMedia removes a row, whether or not it is there.
func (db *DB) DropMedia(ctx context.Context, id wire.ID) (err error) {
	ctx, end := db.begin(ctx, "drop_media", &err)
	defer end()
	_, err = db.pool.Exec(ctx, dropMedia, id)
	return err
}

// KnownMedia are those of the ids that have a row, in no order.
func (db *DB) KnownMedia(ctx context.Context, ids []wire.ID) (_ []wire.ID, err error) {
	ctx, end := db.begin(ctx, "known_media", &err)
	defer end()
	rows, _ := db.pool.Query(ctx, knownMedia, ids)
	return pgx.CollectRows(rows, pgx.RowTo[wire.ID])
}

// dropUnused takes the next rows behind ($2, $3) in the order of touched_at and
// removes those that no message refers to. It returns all that it looked at, and
// of each whether it was removed. touched_at is asked of m once more because that
// is the row as it is when the lock on it is had: a commit that accepts a recall with
// these media touches the row and so decides, by who has its lock first, whether they
// stay or the commit fails.
const dropUnused = `
WITH old AS MATERIALIZED (
    SELECT id, touched_at FROM recall_media
     WHERE (touched_at, id) > ($2, $3) AND touched_at < now() - $1::interval
     ORDER BY touched_at, id LIMIT $4
), gone AS (
    DELETE FROM recall_media m
     WHERE m.id = ANY (ARRAY (SELECT id FROM old)) AND m.touched_at < now() - $1::interval
       AND NOT EXISTS (SELECT FROM recall_messages r WHERE r.media_id = m.id)
    RETURNING m.id
)
SELECT id, touched_at, id IN (SELECT id FROM gone) FROM old ORDER BY touched_at, id`

// unusedBatch rows are looked at in one statement, so that each is short.
const unusedBatch = 500

// DropUnusedMedia removes the rows that no message refers to and that were not
// touched for so long, and returns their ids, also those from before an error.
func (db *DB) DropUnusedMedia(ctx context.Context, untouched time.Duration) ([]wire.ID, error) {
	var dropped []wire.ID
	for w := (unusedWalk{untouched: untouched, more: true}); w.more; {
		ids, err := db.dropUnusedBatch(ctx, &w)
		dropped = append(dropped, ids...)
		if err != nil {
			return dropped, err
		}
	}
	return dropped, nil
}

// unusedWalk is how far [DB.DropUnusedMedia] has come.
type unusedWalk struct {
	untouched time.Duration
	at        time.Time
	id        wire.ID
	more      bool
}

func (db *DB) dropUnusedBatch(ctx context.Context, w *unusedWalk) (dropped []wire.ID, err error) {
	ctx, end := db.begin(ctx, "drop_unused_media", &err)
	defer end()
	rows, _ := db.pool.Query(ctx, dropUnused, w.untouched, w.at, w.id, unusedBatch)
	var gone bool
	seen, err := pgx.ForEachRow(rows, []any{&w.id, &w.at, &gone}, func() error {
		if gone {
			dropped = append(dropped, w.id)
		}
		return nil
	})
	w.more = seen.RowsAffected() == unusedBatch
	return dropped, err
}
