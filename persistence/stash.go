package persistence

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"recall/wire"
)

const stashColumns = `s.thread_id, coalesce(s.top_song_title, ''), coalesce(s.top_song_artist, ''),
       s.top_confidence::float8, coalesce(s.top_song_url, ''), s.created_at, s.created_at`

const listStash = `
SELECT ` + stashColumns + ` FROM recall_stash s JOIN recall_threads t ON t.id = s.thread_id
 WHERE s.user_id = $1 AND t.user_id = $1 AND t.deleted_at IS NULL AND (s.created_at, s.thread_id) < ($2, $3)
 ORDER BY s.created_at DESC, s.thread_id DESC LIMIT $4`

// listedStash is a stash item and its exact place in the list.
type listedStash struct {
	item wire.StashItem
	at   time.Time
}

func scanStash(row pgx.CollectableRow) (l listedStash, err error) {
	err = row.Scan(&l.item.ThreadID, &l.item.TopSongTitle, &l.item.TopSongArtist,
		&l.item.TopConfidence, &l.item.TopSongURL, (*instant)(&l.item.CreatedAt), &l.at)
	l.item.TopConfidence = finite(l.item.TopConfidence)
	return l, err
}

// Stash lists what the owner keeps, the latest first. Items of deleted threads
// are left out.
func (db *DB) Stash(ctx context.Context, owner wire.ID, q wire.StashList) (_ *wire.Stash, err error) {
	ctx, end := db.begin(ctx, "list_stash", &err)
	defer end()
	after, err := parseCursor(q.Cursor)
	if err != nil {
		return nil, err
	}
	size := q.PageSize()
	rows, _ := db.pool.Query(ctx, listStash, owner, after.at, after.id, size+1)
	found, err := pgx.CollectRows(rows, scanStash)
	if err != nil {
		return nil, err
	}
	list := &wire.Stash{Items: make([]wire.StashItem, 0, size)}
	for i, l := range found {
		if i == size {
			last := found[i-1]
			list.NextCursor = place{last.at, last.item.ThreadID}.cursor()
			break
		}
		list.Items = append(list.Items, l.item)
	}
	return list, nil
}
