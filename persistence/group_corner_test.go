package persistence

import (
	"testing"

	"recall/wire"
)

// What hardly ever happens is refused in a group as it is alone.
func TestGroupRefusesWhatEachAloneDoes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		step func(*testing.T, *DB, wire.Activation) *wire.Commit
		want wire.Code
	}{
		"ends the recall that it accepts": {endingItsOwn, wire.CodeInternal},
		"hears a message of nobody's":     {hearingNobody, wire.CodeNotFound},
	} {
		for way, o := range map[string]Options{"alone": {NoBatching: true}, "together": gathering(3)} {
			t.Run(name+", "+way, func(t *testing.T) {
				t.Parallel()
				db := openWith(t, o)
				x := threadsOf(t, db, 3)
				errs := commitAll(t, db, asking(x[0], 2), c.step(t, db, x[1]), asking(x[2], 2))
				if errs[1] == nil || wire.AsError(errs[1]).Code != c.want {
					t.Errorf("error %v, want %s", errs[1], c.want)
				}
				errs[1] = nil
				wantErrs(t, errs, nil)
			})
		}
	}
}

func endingItsOwn(_ *testing.T, _ *DB, a wire.Activation) *wire.Commit {
	c := asking(a, 2)
	c.Ended = answering(a, 2, c.Accepted.ID).Ended
	return c
}

func hearingNobody(t *testing.T, db *DB, a wire.Activation) *wire.Commit {
	t.Helper()
	said := wire.NewID()
	execSQL(t, db, `UPDATE recall_threads SET user_id = NULL WHERE id = $1`, a.Thread.ID)
	execSQL(t, db, `INSERT INTO recall_messages (id, thread_id, role, seq) VALUES ($1, $2, 'user', 1)`, said, a.Thread.ID)
	return &wire.Commit{ThreadID: a.Thread.ID, Owner: a.Owner, Fence: a.Fence, Seq: 2, Heard: &wire.Posting{ID: said}}
}
