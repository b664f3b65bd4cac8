package persistence

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"

	"recall/wire"
)

//go:embed testdata/earlier.sql
var earlierSQL string

var earlierTables = []string{"recall_threads", "recall_messages", "recall_stash"}

// contents are all rows of the earlier app's tables as objects, by table and id.
func contents(t *testing.T, url string) map[string]map[string]any {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	found := make(map[string]map[string]any)
	for _, table := range earlierTables {
		rows, _ := conn.Query(t.Context(), `SELECT to_jsonb(r)::text FROM `+table+` r`)
		docs, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		for _, doc := range docs {
			var row map[string]any
			if err := json.Unmarshal([]byte(doc), &row); err != nil {
				t.Fatal(err)
			}
			found[fmt.Sprintf("%s %v", table, row["id"])] = row
		}
	}
	return found
}

// Every row is there afterwards, with every value that it had.
func TestMigrateLosesNothing(t *testing.T) {
	t.Parallel()
	url := earlier(t, "")
	before := contents(t, url)
	if err := migrateQuietly(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	after := contents(t, url)
	if len(before) < 400 || len(after) != len(before) {
		t.Fatalf("%d rows before, %d after", len(before), len(after))
	}
	for id, row := range before {
		for column, was := range row {
			is := after[id][column]
			if was != nil && fmt.Sprint(is) != fmt.Sprint(was) {
				t.Errorf("%s: %s was %v, is %v", id, column, was, is)
			}
		}
	}
}

// Messages are numbered without a gap in the order in which they were shown.
func TestMigrateNumbersMessages(t *testing.T) {
	t.Parallel()
	url := earlier(t, "")
	if err := migrateQuietly(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	db := openStore(t, url)
	wrong := value[int](t, db, `SELECT count(*) FROM (
		SELECT seq, row_number() OVER (PARTITION BY thread_id ORDER BY created_at, id) AS want FROM recall_messages) m
		WHERE seq IS DISTINCT FROM want`)
	if wrong != 0 {
		t.Errorf("%d messages have another number than their place", wrong)
	}
	wrong = value[int](t, db, `SELECT count(*) FROM recall_threads t
		WHERE seq <> coalesce((SELECT max(seq) FROM recall_messages m WHERE m.thread_id = t.id), 0)`)
	if wrong != 0 {
		t.Errorf("%d threads have another number than their last message", wrong)
	}
	shared := value[int](t, db, `SELECT count(*) FROM (SELECT FROM recall_messages GROUP BY thread_id, created_at HAVING count(*) > 1) s`)
	if shared == 0 {
		t.Error("the fixture has no messages of equal time")
	}
}

// The names that the earlier app and its tools rely on.
func TestMigrateMakesNamedObjects(t *testing.T) {
	t.Parallel()
	url := earlier(t, "")
	if err := migrateQuietly(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	db := openStore(t, url)
	for _, index := range []string{"idx_recall_messages_thread_created", "idx_recall_threads_user_last_message", "idx_recall_threads_active",
		"idx_recall_messages_type", "idx_recall_messages_candidate_json"} {
		if !value[bool](t, db, `SELECT to_regclass($1) IS NOT NULL`, index) {
			t.Errorf("no index %s", index)
		}
	}
	for name, want := range map[string]string{
		"get_recall_messages_paginated": "p_thread_id uuid, p_cursor timestamp with time zone, p_limit integer DEFAULT 50",
		"insert_recall_messages_batch":  "p_messages jsonb[]",
	} {
		if got := value[string](t, db, `SELECT pg_get_function_arguments(oid) FROM pg_proc WHERE proname = $1`, name); got != want {
			t.Errorf("%s(%s), want (%s)", name, got, want)
		}
	}
}

// All that was adopted can be read, shown and written on.
func TestStoreWorksOnAdoptedTables(t *testing.T) {
	t.Parallel()
	url := earlier(t, "")
	if err := migrateQuietly(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	db := openStore(t, url)
	shown := 0
	for user := range 4 {
		shown += len(everyThread(t, db, wire.ID{6: 0x40, 8: 0x90, 15: byte(user)}))
	}
	if want := value[int](t, db, `SELECT count(*) FROM recall_threads WHERE deleted_at IS NULL AND NOT archived`); shown != want {
		t.Errorf("%d threads are listed, %d are there", shown, want)
	}
	rows, _ := db.pool.Query(t.Context(), `SELECT id FROM recall_threads WHERE deleted_at IS NULL`)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[wire.ID])
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		useThread(t, db, id)
	}
	workWith(t, db)
}

func everyThread(t *testing.T, db *DB, user wire.ID) (all []wire.Thread) {
	t.Helper()
	size := 3
	q := wire.ThreadList{Limit: &size}
	for {
		page, err := db.Threads(t.Context(), user, q)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page.Threads...)
		if page.NextCursor == nil {
			return all
		}
		q.Cursor = *page.NextCursor
	}
}

// useThread reads the whole thread as clients get it and goes on with it.
func useThread(t *testing.T, db *DB, id wire.ID) {
	t.Helper()
	a, err := db.Activate(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	page, err := db.Page(t.Context(), wire.PageQuery{ThreadID: id, Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	wire.Encode("", &wire.Messages{ThreadID: id, Messages: page.Postings}) // panics on what JSON cannot hold
	for i, p := range page.Postings {
		if p.Seq != int64(i+1) {
			t.Fatalf("thread %s: message %d has seq %d", id, i+1, p.Seq)
		}
		if p.Type == wire.TypeCandidate && (p.Candidate == nil || p.Candidate.Title == "" || p.Candidate.Key == "") {
			t.Fatalf("message %s: candidate %+v", p.ID, p.Candidate)
		}
	}
	if int64(len(page.Postings)) != a.Thread.Seq {
		t.Fatalf("thread %s: %d messages, seq %d", id, len(page.Postings), a.Thread.Seq)
	}
	write(t, db, a)
}

// workWith does with db what the program does.
func workWith(t *testing.T, db *DB) {
	t.Helper()
	write(t, db, newThread(t, db, wire.NewID()))
}

// write commits a step with a bit of everything.
func write(t *testing.T, db *DB, a wire.Activation) {
	t.Helper()
	seq := a.Thread.Seq + 1
	p := &wire.Posting{ID: wire.NewID(), ThreadID: a.Thread.ID, Seq: seq, Role: wire.RoleSystem, Type: wire.TypeAnswer,
		Candidate: &wire.Candidate{Key: "k"}, CreatedAt: testTime}
	c := &wire.Commit{ThreadID: a.Thread.ID, Owner: a.Owner, Fence: a.Fence, Seq: seq, Postings: []*wire.Posting{p}, Judged: p,
		Thread: &a.Thread, Stash: &wire.StashItem{ThreadID: a.Thread.ID, CreatedAt: testTime},
		Accepted: &wire.Recall{ID: wire.NewID(), UserID: a.Owner, RequestID: wire.NewID(), MessageID: p.ID, AcceptedAt: testTime.Time}}
	if err := db.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	c.Seq++
	c.Postings, c.Accepted = nil, nil
	c.Ended = &wire.RecallEnd{RecallID: openRecall(t, db, a.Thread.ID), State: wire.RecallDone, EndedAt: testTime.Time}
	if err := db.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

func openRecall(t *testing.T, db *DB, threadID wire.ID) wire.ID {
	t.Helper()
	return value[wire.ID](t, db, `SELECT id FROM recalls WHERE thread_id = $1 AND state = 'open'`, threadID)
}
