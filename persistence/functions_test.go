package persistence

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"recall/persistence/pgtest"
	"recall/wire"
)

// batchInsert calls insert_recall_messages_batch as the earlier app does.
func batchInsert(t testing.TB, db *DB, docs ...string) []wire.ID {
	t.Helper()
	rows, _ := db.pool.Query(t.Context(), `SELECT id FROM insert_recall_messages_batch($1::text[]::jsonb[])`, docs)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[wire.ID])
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

// Messages that come without a number get the next ones, in their order.
func TestBatchInsertNumbersMessages(t *testing.T) {
	t.Parallel()
	db := openStore(t, pgtest.New(t))
	a := newThread(t, db, wire.NewID())
	given := wire.NewID()
	ids := batchInsert(t, db,
		fmt.Sprintf(`{"thread_id": %q, "role": "user", "message_type": "text", "text": "one"}`, a.Thread.ID),
		fmt.Sprintf(`{"thread_id": %q, "id": %q, "text": "two", "confidence": 0.5, "candidate_json": {"title": "T"}, "extra": 1}`, a.Thread.ID, given))
	if len(ids) != 2 || ids[0].IsZero() || ids[1] != given {
		t.Fatalf("ids %v, want a new one and %v", ids, given)
	}
	ids = append(ids, batchInsert(t, db, fmt.Sprintf(`{"thread_id": %q, "text": "three"}`, a.Thread.ID))...)

	page, err := db.Page(t.Context(), wire.PageQuery{ThreadID: a.Thread.ID, Limit: 5})
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range page.Postings {
		if p.ID != ids[i] || p.Seq != int64(i+1) || p.CreatedAt.IsZero() || p.Text != []string{"one", "two", "three"}[i] {
			t.Errorf("message %d: %+v", i, p)
		}
	}
	if got := value[wire.ID](t, db, `SELECT user_id FROM recall_messages WHERE id = $1`, given); got != a.Owner {
		t.Errorf("the message belongs to %v, not to the thread's owner", got)
	}
	if ids := batchInsert(t, db); len(ids) != 0 {
		t.Errorf("no messages made ids %v", ids)
	}
}

// An activation that counts in memory must not go on beside the earlier app: its
// next write is stale, and the one after it starts a new numbering.
func TestBatchInsertEndsActivation(t *testing.T) {
	t.Parallel()
	db := openStore(t, pgtest.New(t))
	a := newThread(t, db, wire.NewID())
	batchInsert(t, db, fmt.Sprintf(`{"thread_id": %q, "text": "one"}`, a.Thread.ID))
	err := db.Commit(t.Context(), &wire.Commit{ThreadID: a.Thread.ID, Owner: a.Owner, Fence: a.Fence, Seq: 1})
	if !errors.Is(err, wire.ErrStale) {
		t.Fatalf("error %v, want %v", err, wire.ErrStale)
	}
	b, err := db.Activate(t.Context(), a.Thread.ID)
	if err != nil || b.Thread.Seq != 1 || b.Thread.Epoch == a.Thread.Epoch || b.Thread.Epoch == "" {
		t.Fatalf("activation %+v, %v", b, err)
	}
}

// Nor is a row kept when another of the same call is refused.
func TestBatchInsertIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	db := openStore(t, pgtest.New(t))
	a := newThread(t, db, wire.NewID())
	doc := fmt.Sprintf(`{"thread_id": %q, "id": %q}`, a.Thread.ID, wire.NewID())
	_, err := db.pool.Exec(t.Context(), `SELECT insert_recall_messages_batch($1::text[]::jsonb[])`, []string{doc, doc})
	if err == nil {
		t.Fatal("two messages of one id were taken")
	}
	if n := value[int](t, db, `SELECT count(*) FROM recall_messages`); n != 0 {
		t.Errorf("%d messages were kept", n)
	}
}

func TestPaginatedGoesBackInTime(t *testing.T) {
	t.Parallel()
	db := openStore(t, pgtest.New(t))
	a := newThread(t, db, wire.NewID())
	for n := range 60 {
		batchInsert(t, db, fmt.Sprintf(`{"thread_id": %q, "text": "%d", "created_at": %q}`, a.Thread.ID, n+1,
			testTime.Add(time.Duration(n)*time.Second).Format(time.RFC3339)))
	}
	for _, c := range []struct {
		call        string
		first, last string
		count       int
	}{
		{`($1, NULL)`, "60", "11", 50},
		{`($1, NULL, 3)`, "60", "58", 3},
		{`($1, '2026-11-23 12:00:10Z', 3)`, "10", "8", 3}, // the cursor's own message is left out
		{`(p_thread_id => $1, p_cursor => '2026-11-23 12:00:02Z', p_limit => 5)`, "2", "1", 2},
	} {
		rows, _ := db.pool.Query(t.Context(), `SELECT text FROM get_recall_messages_paginated`+c.call, a.Thread.ID)
		got, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != c.count || got[0] != c.first || got[len(got)-1] != c.last {
			t.Errorf("%s: %v", c.call, got)
		}
	}
}
