package persistence

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"recall/wire"
)

// planID is what plan_id makes in the database: ids that rise in the order of
// writing, as those of the program do.
func planID(kind byte, n int) wire.ID {
	id, err := wire.ParseID(fmt.Sprintf("0000000%x-0000-7000-8000-%012x", kind, n))
	if err != nil {
		panic(err)
	}
	return id
}

const (
	kindThread byte = iota + 1
	kindUser
	kindMessage
	kindRecall
	kindRequest
	kindMedia
)

const planFunctions = `
CREATE FUNCTION plan_id(kind int, n int) RETURNS uuid IMMUTABLE LANGUAGE sql AS
$$ SELECT ('0000000' || to_hex(kind) || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$;
CREATE FUNCTION plan_user(n int) RETURNS uuid IMMUTABLE LANGUAGE sql AS
$$ SELECT plan_id(2, CASE WHEN n % 10 = 7 THEN 7 ELSE n % 1997 + 10 END) $$;
CREATE FUNCTION plan_word(n int) RETURNS text IMMUTABLE LANGUAGE sql AS
$$ SELECT translate(substr(md5(n::text), 1, 7), '0123456789', 'ghijklmnop') $$`

// planRows are what the planner is asked about: 1,000,000 messages in 40,000 threads,
// twenty of them of 10,020 messages and the others of 20, written in turns as people
// do, so that a thread's rows do not lie together; every tenth thread is user 7's, the
// others those of 1,997 more; and recalls (a few of them open), stash, media and songs
// in proportion. A message's number in its id is 40,000 times its seq and its thread's.
var planRows = []string{
	`INSERT INTO recall_threads (id, user_id, created_at, last_message_at, title, archived, deleted_at, seq, fence, epoch)
	SELECT plan_id(1, n), plan_user(n), now() - n * interval '1 min', now() - n * interval '1 s', 'Title ' || n, n % 30 = 0,
	       CASE WHEN n % 50 = 1 THEN now() END, CASE WHEN n <= 20 THEN 10020 ELSE 20 END, 1, '1'
	  FROM generate_series(1, 40000) n`,

	`INSERT INTO recall_messages (id, thread_id, user_id, seq, created_at, role, message_type, text, candidate_json, recall_id, media_id)
	SELECT plan_id(3, 40000 * s + n), plan_id(1, n), plan_user(n), s, now() - (25 - s) * interval '1 h',
	       CASE WHEN s % 5 = 1 THEN 'user' ELSE 'assistant' END, CASE WHEN s % 5 = 1 THEN 'text' ELSE 'candidate' END,
	       'words of a song', CASE WHEN s % 5 > 2 THEN jsonb_build_object('title', 'T' || n % 999) END,
	       plan_id(4, 40000 * (s / 7) + n), CASE WHEN s = 1 AND n % 2 = 0 THEN plan_id(6, n) END
	  FROM generate_series(1, 20) s CROSS JOIN LATERAL (SELECT n FROM generate_series(21, 40000) n WHERE s > 0) t`,

	`INSERT INTO recall_messages (id, thread_id, user_id, seq, created_at, role, message_type, text)
	SELECT plan_id(3, 40000 * s + n), plan_id(1, n), plan_user(n), s, now() - (11000 - s) * interval '1 s', 'user', 'text', 'words'
	  FROM generate_series(1, 10020) s CROSS JOIN LATERAL (SELECT n FROM generate_series(1, 20) n WHERE s > 0) t`,

	`INSERT INTO recalls (id, thread_id, user_id, request_id, message_id, input, state, accepted_at, ended_at)
	SELECT plan_id(4, 40000 * s + n), plan_id(1, n), plan_user(n), plan_id(5, 40000 * s + n), plan_id(3, 40000 * (s * 7 + 1) + n), '{}',
	       CASE WHEN open THEN 'open' ELSE 'done' END, now() - ((3 - s) * 40000 + n) * interval '1 s', CASE WHEN NOT open THEN now() END
	  FROM (SELECT s, n, s = 2 AND n % 200 = 10 AS open FROM generate_series(0, 2) s, generate_series(1, 40000) n) r`,

	`INSERT INTO recall_stash (user_id, thread_id, created_at, top_song_title)
	SELECT user_id, id, last_message_at, 'T' FROM recall_threads`,

	`INSERT INTO recall_media (id, owner, kind, content_type, extension, size, sha256, created_at, touched_at)
	SELECT plan_id(6, n), plan_user(n), 'voice', 'audio/ogg', '.ogg', n, repeat('0', 64), now(), now() - n * interval '1 min'
	  FROM generate_series(1, 40000) n`,

	`INSERT INTO songs (title, artist, isrc, phrase, popularity)
	SELECT plan_word(n % 40) || ' ' || plan_word(100 + n / 40 % 40) || ' ' || plan_word(200 + n / 1600), plan_word(300 + n % 997) || ' band',
	       'USRC1' || lpad(n::text, 7, '0'), plan_word(400 + n % 1009), n % 100
	  FROM generate_series(1, 20000) n`,

	`INSERT INTO catalog_seed (name, hash) SELECT 'edition ' || n, n FROM generate_series(1, 5000) n`,
}

var planTables = []string{"recall_threads", "recall_messages", "recalls", "recall_stash", "recall_media", "songs", "catalog_seed"}

// fillForPlans writes the rows by a connection of its own, without the pool's
// time-outs. Indexes that are no constraint's are built when the rows are there:
// sorting once is several times quicker than a million insertions.
func fillForPlans(t *testing.T, url string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	run := func(statements ...string) {
		for _, sql := range statements {
			if _, err := conn.Exec(t.Context(), sql, pgx.QueryExecModeSimpleProtocol); err != nil {
				t.Fatalf("%s: %v", sql, err)
			}
		}
	}
	run(`SET synchronous_commit = off`, `SET maintenance_work_mem = '256MB'`, planFunctions)
	names, definitions := secondaryIndexes(t, conn)
	for _, name := range names {
		run(`DROP INDEX ` + name)
	}
	// What a transaction writes into a table that it has emptied is not logged.
	run(`BEGIN`, `TRUNCATE `+strings.Join(planTables, ", "))
	run(planRows...)
	run(`COMMIT`)
	run(definitions...)
	run(`VACUUM ANALYZE ` + strings.Join(planTables, ", "))
}

// secondaryIndexes are those that can be dropped and made again as they are.
func secondaryIndexes(t *testing.T, conn *pgx.Conn) (names, definitions []string) {
	t.Helper()
	rows, _ := conn.Query(t.Context(), `
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
 WHERE i.indrelid::regclass::text = ANY ($1) AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)`, planTables)
	var name, definition string
	_, err := pgx.ForEachRow(rows, []any{&name, &definition}, func() error {
		names, definitions = append(names, name), append(definitions, definition)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names, definitions
}
