package persistence

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"recall/wire"
)

// SongHit is a song that Postgres' own indexes found.
type SongHit struct {
	Song  wire.Song
	Score float64 // for ordering within one answer only
}

// searchStopWords are in so many songs that they tell nothing and would have
// the database rank most of the catalogue. Words of fewer than three letters
// are left out too.
const searchStopWords = `and are but for from had has have her his its like not one out she song songs
	that the their them then there they this was were what when where which who with you your
	about all can goes how into just know lyrics maybe music sings sung something think were`

// searchSongs collects at most 200 songs by their words, of which any may match
// (people misremember the others), and 100 each by title and by artist that look
// like one, two or three neighbouring words of the text, so that a typing error
// in a name is survived. Only these are compared in full.
const searchSongs = `
WITH token AS MATERIALIZED (
	SELECT word, n FROM unnest(string_to_array(song_fold($1), ' ')) WITH ORDINALITY u(word, n) WHERE n <= 40
), query AS MATERIALIZED (
	SELECT string_agg(DISTINCT quote_literal(word), ' | ')::tsquery AS words
	FROM token WHERE length(word) > 2 AND word <> ALL ($3)
), span AS MATERIALIZED (
	SELECT DISTINCT text FROM token a
	LEFT JOIN token b ON b.n = a.n + 1
	LEFT JOIN token c ON c.n = a.n + 2,
	LATERAL (VALUES (a.word), (a.word || ' ' || b.word), (a.word || ' ' || b.word || ' ' || c.word)) v(text)
	WHERE length(text) > 4 AND text <> ALL ($3)
), by_word AS (
	SELECT id, ts_rank_cd('{0.15, 0.4, 0.7, 1.0}', document, words) AS score
	FROM query JOIN songs ON document @@ words
	ORDER BY score DESC LIMIT 200
), by_title AS (
	SELECT id, max(similarity(title_folded, text)) AS score
	FROM span JOIN songs ON title_folded % text
	GROUP BY id ORDER BY score DESC LIMIT 100
), by_artist AS (
	SELECT id, max(similarity(artist_folded, text)) AS score
	FROM span JOIN songs ON artist_folded % text
	GROUP BY id ORDER BY score DESC LIMIT 100
), found AS (
	SELECT id, sum(score) AS score FROM (
		SELECT id, score FROM by_word
		UNION ALL SELECT id, 1.5 * score FROM by_title
		UNION ALL SELECT id, score FROM by_artist) each
	GROUP BY id
), best AS (
	SELECT s.id AS best_id, score + s.popularity / 500.0 AS total
	FROM found JOIN songs s USING (id)
	ORDER BY total DESC, best_id LIMIT $2
)
SELECT ` + songFields + `, total FROM best JOIN songs ON id = best_id ORDER BY total DESC, id`

// SearchSongs finds songs by what Postgres' full-text and trigram indexes give,
// best first, at most limit (1 to 100) of them. It reads the truth itself: for
// looking into the catalogue by hand, and to compare the in-memory index with.
func (db *DB) SearchSongs(ctx context.Context, text string, limit int) (hits []SongHit, err error) {
	defer db.done("search songs", time.Now(), &err)
	limit = min(max(limit, 1), 100)
	text = strings.ReplaceAll(strings.ToValidUTF8(text, " "), "\x00", " ")
	err = pgx.BeginTxFunc(ctx, db.pool, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		// Half of the trigrams shared: one typing error in a word of six letters.
		if _, err := tx.Exec(ctx, `SELECT set_config('pg_trgm.similarity_threshold', '0.5', true)`); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, searchSongs, text, limit, strings.Fields(searchStopWords))
		if err != nil {
			return err
		}
		hits, err = pgx.CollectRows(rows, scanHit)
		return err
	})
	return hits, err
}

func scanHit(row pgx.CollectableRow) (hit SongHit, err error) {
	err = scanSong(row, &hit.Song, &hit.Score)
	return hit, err
}
