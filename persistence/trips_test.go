package persistence

import (
	"testing"

	"recall/persistence/pgtest"
	"recall/wire"
)

// Every operation is one round trip: that is what a recall's latency is made of.
func TestOperationsAreOneRoundTrip(t *testing.T) {
	t.Parallel()
	db := openStore(t, pgtest.New(t))
	a := newThread(t, db, wire.NewID())
	ask := asking(a, 1)
	for _, op := range []struct {
		name string
		do   func() error
	}{
		{"commit", func() error { return db.Commit(t.Context(), ask) }},
		{"commit with everything", func() error { return db.Commit(t.Context(), answering(a, 2, ask.Accepted.ID)) }},
		{"recall", func() error {
			_, _, err := db.RecallByRequest(t.Context(), a.Owner, ask.Accepted.RequestID)
			return err
		}},
		{"page", func() error {
			_, err := db.Page(t.Context(), wire.PageQuery{ThreadID: a.Thread.ID, Limit: 50})
			return err
		}},
		{"create", func() error {
			_, err := db.Create(t.Context(), a.Owner, wire.Thread{ID: wire.NewID(), CreatedAt: testTime, LastMessageAt: testTime}) // one that is there takes another
			return err
		}},
		{"activate", func() error {
			_, err := db.Activate(t.Context(), a.Thread.ID)
			return err
		}},
	} {
		before := db.Queries()
		if err := op.do(); err != nil {
			t.Fatalf("%s: %v", op.name, err)
		}
		if trips := db.Queries() - before; trips != 1 {
			t.Errorf("%s took %d round trips", op.name, trips)
		}
	}
}
