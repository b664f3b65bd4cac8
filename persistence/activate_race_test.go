package persistence

import (
	"context"
	"errors"
	"testing"

	"recall/persistence/pgtest"
	"recall/wire"
)

// An activation that comes while a commit is under way waits for it, and then
// knows of the recall that it accepted: a new epoch, and the recall among the
// open ones. The commit's own activation is stale from then on.
func TestActivateWaitsForCommitUnderWay(t *testing.T) {
	t.Parallel()
	db := openStore(t, pgtest.New(t))
	a := newThread(t, db, wire.NewID())
	c := asking(a, 1)

	under, err := db.pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer under.Rollback(context.Background())
	execCommit(t, under, c)
	woken := make(chan wire.Activation)
	go func() {
		b, err := db.Activate(context.Background(), a.Thread.ID)
		if err != nil {
			t.Error(err)
		}
		woken <- b
	}()
	// Postgres tells nobody that a lock is being waited for, so it is asked.
	const waiting = `SELECT count(*) + 0 * (SELECT count(*) FROM pg_sleep(0.005)) FROM pg_locks WHERE NOT granted`
	for value[int](t, db, waiting) == 0 {
	}
	if err := under.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	b := <-woken
	if len(b.Open) != 1 || b.Open[0].ID != c.Accepted.ID || b.Thread.Epoch == a.Thread.Epoch || b.Thread.Seq != 1 {
		t.Errorf("after epoch %q: %+v", a.Thread.Epoch, b)
	}
	if err := db.Commit(t.Context(), asking(a, 2)); !errors.Is(err, wire.ErrStale) {
		t.Errorf("the earlier activation: error %v, want %v", err, wire.ErrStale)
	}
}

// asking is the step that begins a recall with the user's message.
func asking(a wire.Activation, seq int64) *wire.Commit {
	p := &wire.Posting{ID: wire.NewID(), ThreadID: a.Thread.ID, Seq: seq, Role: wire.RoleUser, Type: wire.TypeText,
		Text: "that song from the film about the boxer, with the stairs", CreatedAt: testTime}
	return &wire.Commit{ThreadID: a.Thread.ID, Owner: a.Owner, Fence: a.Fence, Seq: seq, Postings: []*wire.Posting{p},
		Accepted: &wire.Recall{ID: wire.NewID(), ThreadID: a.Thread.ID, UserID: a.Owner, RequestID: wire.NewID(), MessageID: p.ID,
			Input: wire.Input{Kind: wire.InputText, Text: p.Text}, AcceptedAt: testTime.Time}}
}

// answering is the step that ends it with five candidates.
func answering(a wire.Activation, seq int64, recall wire.ID) *wire.Commit {
	confidence := 0.8
	c := &wire.Commit{ThreadID: a.Thread.ID, Owner: a.Owner, Fence: a.Fence, Seq: seq + 5,
		Ended: &wire.RecallEnd{RecallID: recall, State: wire.RecallDone, Terminal: []byte(`{"type":"recall.completed"}`), EndedAt: testTime.Time},
		Stash: &wire.StashItem{ThreadID: a.Thread.ID, TopSongTitle: "T", CreatedAt: testTime}}
	for n := range int64(5) {
		c.Postings = append(c.Postings, &wire.Posting{ID: wire.NewID(), ThreadID: a.Thread.ID, Seq: seq + n, Role: wire.RoleAssistant,
			Type: wire.TypeCandidate, Candidate: &wire.Candidate{Key: "k", Title: "T", Artist: "A", Reason: "matches stairs and boxer"},
			Confidence: &confidence, SongTitle: "T", SongArtist: "A", RecallID: recall, CreatedAt: testTime})
	}
	return c
}
