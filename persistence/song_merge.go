package persistence

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const mergeLines = 5000 // lines of the file that one statement stores

// The order matters: first no two staged rows are the same song, then each is
// given the stored song it is about, for the whole file at once, so that the
// outcome does not depend on where a batch of mergeLines ends. An ISRC decides
// before a name: a song that some row claims by ISRC is not another row's by
// name, as it is about to get that first row's name.
var prepareMerge = []string{
	`LOCK TABLE songs IN SHARE ROW EXCLUSIVE MODE`,
	`SET CONSTRAINTS songs_isrc_key, songs_song_key_key DEFERRED`,
	`ANALYZE staged_songs`,
	`DELETE FROM staged_songs WHERE line IN (
		SELECT line FROM (
			SELECT line,
				row_number() OVER (PARTITION BY song_key ORDER BY line DESC) AS by_key,
				row_number() OVER (PARTITION BY coalesce(isrc, line::text) ORDER BY line DESC) AS by_isrc
			FROM staged_songs) ranked
		WHERE by_key > 1 OR by_isrc > 1)`,
	`CREATE TEMP TABLE staged_matches ON COMMIT DROP AS
		SELECT s.line, same_key.id AS same_key, coalesce(same_isrc.id,
			CASE WHEN NOT EXISTS (SELECT FROM staged_songs o WHERE o.isrc = same_key.isrc) THEN same_key.id END) AS id
		FROM staged_songs s
		LEFT JOIN songs same_isrc ON same_isrc.isrc = s.isrc
		LEFT JOIN songs same_key ON same_key.song_key = s.song_key`,
	`ALTER TABLE staged_matches ADD PRIMARY KEY (line)`,
	`ANALYZE staged_matches`,
}

// A song known by its ISRC takes a name that another stored song has: both are
// the same song, and the one without that ISRC goes.
const mergeAway = `
DELETE FROM songs WHERE id IN (
	SELECT same_key FROM staged_matches WHERE same_key <> id
	EXCEPT SELECT id FROM staged_matches)`

const mergeUpdate = `
UPDATE songs t SET updated_at = now(),
	(title, artist, album, year, genre, mood, tempo, language, isrc, themes, description, phrase, popularity) =
	(n.title, n.artist, n.album, n.year, n.genre, n.mood, n.tempo, n.language, n.isrc, n.themes, n.description, n.phrase, n.popularity)
FROM (
	SELECT t.id, s.title, s.artist, coalesce(nullif(s.album, ''), t.album) AS album, coalesce(s.year, t.year) AS year,
		coalesce(nullif(s.genre, ''), t.genre) AS genre, coalesce(nullif(s.mood, '{}'), t.mood) AS mood,
		coalesce(nullif(s.tempo, ''), t.tempo) AS tempo, coalesce(nullif(s.language, ''), t.language) AS language,
		coalesce(s.isrc, t.isrc) AS isrc, coalesce(nullif(s.themes, '{}'), t.themes) AS themes,
		coalesce(nullif(s.description, ''), t.description) AS description,
		coalesce(nullif(s.phrase, ''), t.phrase) AS phrase, coalesce(s.popularity, t.popularity) AS popularity
	FROM staged_songs s JOIN staged_matches m USING (line) JOIN songs t ON t.id = m.id
	WHERE s.line > $1 AND s.line <= $2) n
WHERE t.id = n.id AND
	(t.title, t.artist, t.album, t.year, t.genre, t.mood, t.tempo, t.language, t.isrc, t.themes, t.description, t.phrase, t.popularity)
	IS DISTINCT FROM
	(n.title, n.artist, n.album, n.year, n.genre, n.mood, n.tempo, n.language, n.isrc, n.themes, n.description, n.phrase, n.popularity)`

const mergeInsert = `
INSERT INTO songs (title, artist, album, year, genre, mood, tempo, language, isrc, themes, description, phrase, popularity)
SELECT title, artist, album, year, genre, mood, tempo, language, isrc, themes, description, phrase, coalesce(popularity, 0)
FROM staged_songs JOIN staged_matches m USING (line)
WHERE line > $1 AND line <= $2 AND m.id IS NULL
ORDER BY line`

func mergeSongs(ctx context.Context, tx pgx.Tx, src *songSource) (ImportResult, error) {
	for _, sql := range prepareMerge {
		if _, err := tx.Exec(ctx, sql); err != nil {
			return ImportResult{}, fmt.Errorf("match the rows with the catalogue: %w", err)
		}
	}
	m := songMerge{ctx: ctx, tx: tx}
	res := src.res
	if !src.opt.keepExisting {
		res.Merged = m.exec(mergeAway)
	}
	rest := m.count()
	res.Repeated = res.Read - rest
	for from := 0; from < src.line && m.err == nil; from += mergeLines {
		if !src.opt.keepExisting {
			res.Updated += m.exec(mergeUpdate, from, from+mergeLines)
		}
		res.Added += m.exec(mergeInsert, from, from+mergeLines)
		src.progress(res.Read * min(from+mergeLines, src.line) / src.line)
	}
	res.Unchanged = rest - res.Added - res.Updated
	return res, m.err
}

// songMerge runs statements until one fails and keeps that failure.
type songMerge struct {
	ctx context.Context
	tx  pgx.Tx
	err error
}

func (m *songMerge) exec(sql string, args ...any) int {
	if m.err != nil {
		return 0
	}
	tag, err := m.tx.Exec(m.ctx, sql, args...)
	m.err = err
	return int(tag.RowsAffected())
}

func (m *songMerge) count() (n int) {
	if m.err == nil {
		m.err = m.tx.QueryRow(m.ctx, `SELECT count(*) FROM staged_songs`).Scan(&n)
	}
	return n
}

// songError names the field when Postgres refused a song that our own checks
// let pass: the table's constraints are called songs_<field>_check.
func songError(err error) error {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) || pg.TableName != "songs" {
		return err
	}
	name := strings.TrimPrefix(pg.ConstraintName, "songs_")
	if field, ok := strings.CutSuffix(name, "_check"); ok {
		return fmt.Errorf("%s: is refused by the catalogue's rules: %w", field, err)
	}
	return err
}
