package persistence

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"recall/persistence/pgtest"
	"recall/wire"
)

// When Postgres has answered, but by what cannot be read, the group may be written.
func TestUnreadableAnswerIsUnsure(t *testing.T) {
	t.Parallel()
	for name, rows := range map[string]string{
		"too few":    `SELECT 1, '', '', ''`,
		"no numbers": `SELECT NULL::int, '', '', '' FROM unnest($1)`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := openWith(t, gathering(2))
			x := threadsOf(t, db, 2)
			execSQL(t, db, `DROP FUNCTION recall_commit_batch`)
			execSQL(t, db, `CREATE FUNCTION recall_commit_batch(jsonb[]) RETURNS TABLE (place int, state text, constraint_name text, message text)
				LANGUAGE sql AS $$ `+rows+` $$`)
			for _, err := range commitAll(t, db, asking(x[0], 1), asking(x[1], 1)) {
				if !errors.Is(err, wire.ErrUnsure) {
					t.Errorf("error %v, want an unsure one", err)
				}
			}
		})
	}
}

// deadlines notes until when the statement of a group may take.
type deadlines chan time.Time

// TraceQueryStart implements [pgx.QueryTracer].
func (d deadlines) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	if at, ok := ctx.Deadline(); ok && strings.Contains(q.SQL, "recall_commit") {
		d <- at
	}
	return ctx
}

// TraceQueryEnd implements [pgx.QueryTracer].
func (deadlines) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// A group has all its time once it has its connection, so that who joins it late does.
func TestWaitForConnectionTakesNoTimeFromGroup(t *testing.T) {
	t.Parallel()
	o, until := Options{URL: pgtest.New(t), MaxConns: 2}, make(deadlines, 1)
	other := openStore(t, o.URL)
	o.Tracer = until
	db, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	a := newThread(t, db, wire.NewID())
	give := holdAll(t, db)
	defer give()
	done := make(chan error)
	go func() { done <- db.Commit(t.Context(), asking(a, 1)) }()
	eventually(t, other, func() bool { return db.Pressure() > 0 })
	got := time.Now()
	give()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if left := (<-until).Sub(got); left < db.patience {
		t.Errorf("%v are left for the statement, want %v", left, db.patience)
	}
}
