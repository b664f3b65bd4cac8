package persistence

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"recall/wire"
)

const songBatch = 1000 // songs handed over at once

// songFields are what scanSong reads.
const songFields = `id, title, artist, album, coalesce(year, 0), genre, mood, tempo, language,
	coalesce(isrc, ''), themes, description, phrase, popularity`

const selectSongs = `SELECT ` + songFields + ` FROM songs`

// Songs reads the whole catalogue in no particular order and hands it to fn in
// batches of up to 1,000, which fn may keep. It reads one snapshot. An error of
// fn ends the reading and is returned.
//
// There is no way to ask only for what changed since a time: a removal leaves
// no row behind, and a long import commits with the time it began at. WatchSongs
// tells of changes.
func (db *DB) Songs(ctx context.Context, fn func([]wire.Song) error) (err error) {
	defer db.done("read_songs", time.Now(), &err)
	return pgx.BeginTxFunc(ctx, db.pool, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if err := liftTimeouts(ctx, tx); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, selectSongs)
		if err != nil {
			return err
		}
		return eachSongBatch(rows, fn)
	})
}

func eachSongBatch(rows pgx.Rows, fn func([]wire.Song) error) error {
	defer rows.Close()
	var batch []wire.Song
	for rows.Next() {
		if batch == nil {
			batch = make([]wire.Song, 0, songBatch)
		}
		batch = append(batch, wire.Song{})
		if err := scanSong(rows, &batch[len(batch)-1]); err != nil {
			return err
		}
		if len(batch) == songBatch {
			if err := fn(batch); err != nil {
				return err
			}
			batch = nil
		}
	}
	if err := rows.Err(); err != nil || len(batch) == 0 {
		return err
	}
	return fn(batch)
}

// scanSong reads the columns of songFields and any that follow them.
func scanSong(row pgx.CollectableRow, s *wire.Song, more ...any) error {
	return row.Scan(append([]any{
		&s.ID, &s.Title, &s.Artist, &s.Album, &s.Year, &s.Genre, &s.Mood, &s.Tempo, &s.Language,
		&s.ISRC, &s.Themes, &s.Description, &s.Phrase, &s.Popularity,
	}, more...)...)
}

// SongsByID returns the songs with these ids that exist, in no particular order.
func (db *DB) SongsByID(ctx context.Context, ids []int64) (songs []wire.Song, err error) {
	defer db.done("read_songs_by_id", time.Now(), &err)
	rows, err := db.pool.Query(ctx, selectSongs+` WHERE id = ANY($1)`, ids)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (s wire.Song, err error) {
		err = scanSong(row, &s)
		return s, err
	})
}
