package persistence

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"recall/persistence/pgtest"
	"recall/wire"
)

// manyRows is a database of 4,000 threads, 400 of one user and the others of
// 180, with 10 messages and one recall each: enough that reading a whole table,
// or all that the user ever did, is not the cheapest.
const manyRows = `
CREATE FUNCTION user_of(n int) RETURNS uuid IMMUTABLE LANGUAGE sql AS
$$ SELECT md5('u' || CASE WHEN n % 10 = 7 THEN 7 ELSE n % 200 END)::uuid $$;
INSERT INTO recall_threads (id, user_id, last_message_at, archived, seq)
SELECT md5('t' || n)::uuid, user_of(n), now() - n * interval '1 s', n % 30 = 0, 10 FROM generate_series(1, 4000) n;
INSERT INTO recall_messages (id, thread_id, seq, created_at, role, message_type, text)
SELECT md5('m' || n || ' ' || s)::uuid, md5('t' || n)::uuid, s, now() + s * interval '1 s', 'user', 'text', 'words'
  FROM generate_series(1, 4000) n, generate_series(1, 10) s;
INSERT INTO recalls (id, thread_id, user_id, request_id, message_id, input, state, accepted_at, ended_at)
SELECT md5('r' || n)::uuid, md5('t' || n)::uuid, user_of(n), md5('q' || n)::uuid, md5('m' || n || ' 1')::uuid, '{}',
       CASE WHEN n % 100 = 0 THEN 'open' ELSE 'done' END, now() - n * interval '1 s', CASE WHEN n % 100 > 0 THEN now() END
  FROM generate_series(1, 4000) n;
INSERT INTO recall_stash (user_id, thread_id, created_at) SELECT user_id, id, last_message_at FROM recall_threads;
INSERT INTO recall_media (id, owner, kind, content_type, extension, size, sha256, created_at, touched_at)
SELECT md5('v' || n)::uuid, user_of(n), 'voice', 'audio/ogg', '.ogg', n, repeat('0', 64), now(), now() - n * interval '1 min'
  FROM generate_series(1, 4000) n;
UPDATE recall_messages SET media_id = md5('v' || n)::uuid FROM generate_series(1, 4000) n WHERE id = md5('m' || n || ' 1')::uuid AND n % 2 = 0;
VACUUM ANALYZE recall_threads, recall_messages, recalls, recall_stash, recall_media;`

// What the program asks all the time is answered from an index, both by a plan
// made for its parameters and by the one for any that a prepared statement may
// settle on.
func TestHotQueriesUseIndexes(t *testing.T) {
	t.Parallel()
	db := openStore(t, pgtest.New(t))
	for statement := range strings.SplitSeq(manyRows, ";\n") { // VACUUM wants to be alone
		if _, err := db.pool.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	thread, user := value[wire.ID](t, db, `SELECT md5('t7')::uuid`), value[wire.ID](t, db, `SELECT md5('u7')::uuid`)
	for name, q := range map[string]struct {
		sql   string
		args  []any
		index string
	}{
		"newest":        {newestMessages, []any{thread, 5}, "recall_messages_thread_seq"},
		"before":        {messagesBefore, []any{thread, 8, 5}, "recall_messages_thread_seq"},
		"after":         {messagesAfter, []any{thread, 8, 5}, "recall_messages_thread_seq"},
		"posting":       {oneMessage, []any{wire.NewID(), thread}, "recall_messages_pkey"},
		"of message":    {threadOfMessage, []any{wire.NewID(), user}, "recall_messages_pkey"},
		"threads":       {activeThreads, []any{user, farFuture.at, farFuture.id, 21}, "idx_recall_threads_active"},
		"archived":      {archivedThreads, []any{user, farFuture.at, farFuture.id, 21}, "idx_recall_threads_user_last_message"},
		"stash":         {listStash, []any{user, farFuture.at, farFuture.id, 21}, "recall_stash_user_created"},
		"activate":      {takeThread, []any{thread, user}, "recall_threads_pkey"},
		"open":          {openRecalls, []any{thread}, "recalls_open"},
		"admissions":    {admissions, []any{user, time.Now().Add(-time.Minute)}, "recalls_user_accepted"},
		"request":       {recallByRequest, []any{user, wire.NewID()}, "recalls_user_request"},
		"of request":    {messageOfRequest, []any{user, wire.NewID()}, "recalls_user_request"},
		"of recall":     {threadOfRecall, []any{wire.NewID(), user}, "recalls_pkey"},
		"all with open": {threadsWithOpenRecalls, nil, "recalls_open"},
		"media":         {oneMedia, []any{wire.NewID(), user}, "recall_media_pkey"},
		"use media":     {useMedia, []any{wire.NewID(), user, "voice"}, "recall_media_pkey"},
		"drop media":    {dropMedia, []any{wire.NewID()}, "recall_media_pkey"},
		"known media":   {knownMedia, []any{"{" + user.String() + "}"}, "recall_media_pkey"},
		"old media":     {dropUnused, []any{"24 h", time.Time{}, wire.NewID(), unusedBatch}, "recall_media_touched"},
		"used media":    {dropUnused, []any{"24 h", time.Time{}, wire.NewID(), unusedBatch}, "recall_messages_media"},
	} {
		for mode, plan := range explain(t, db, q.sql, q.args) {
			if !strings.Contains(plan, q.index) || strings.Contains(plan, "Seq Scan") {
				t.Errorf("%s, %s: does not go by %s alone:\n%s", name, mode, q.index, plan)
			}
		}
	}
}

// explain returns the plans of a prepared statement by plan_cache_mode.
func explain(t *testing.T, db *DB, sql string, args []any) map[string]string {
	t.Helper()
	conn, err := db.pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	exec := func(sql string) {
		if _, err := conn.Exec(t.Context(), sql, pgx.QueryExecModeSimpleProtocol); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	exec("PREPARE hot AS " + sql)
	defer exec("DEALLOCATE hot; RESET plan_cache_mode")
	plans := make(map[string]string)
	for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
		exec("SET plan_cache_mode = " + mode)
		rows, _ := conn.Query(t.Context(), "EXPLAIN EXECUTE hot"+literals(args), pgx.QueryExecModeSimpleProtocol)
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		plans[mode] = strings.Join(lines, "\n")
	}
	return plans
}

// literals are the arguments of EXECUTE, which takes no parameters.
func literals(args []any) string {
	if len(args) == 0 {
		return ""
	}
	words := make([]string, len(args))
	for i, arg := range args {
		if at, ok := arg.(time.Time); ok {
			arg = at.Format(time.RFC3339Nano)
		}
		words[i] = fmt.Sprintf("'%v'", arg)
	}
	return "(" + strings.Join(words, ", ") + ")"
}
