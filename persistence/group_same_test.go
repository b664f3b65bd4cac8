package persistence

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"recall/wire"
)

// player makes steps of any kind, right and wrong, for some threads that exist in
// several databases, and knows as much of them as their activations would.
type player struct {
	*rand.Rand
	threads  []wire.Activation
	seqs     []int64
	open     [][]wire.ID // recalls
	said     [][]*wire.Posting
	requests []*wire.Recall
	media    map[wire.ID]wire.Media // by owner
	last     []*wire.Commit
}

// round is a step for each of the threads.
func (p *player) round() []*wire.Commit {
	commits := make([]*wire.Commit, len(p.threads))
	for i := range commits {
		commits[i] = p.step(i)
	}
	p.Shuffle(len(commits), func(i, j int) { commits[i], commits[j] = commits[j], commits[i] })
	return commits
}

func (p *player) step(i int) *wire.Commit {
	a := p.threads[i]
	if p.IntN(12) == 0 && p.last[i] != nil {
		return p.last[i] // the answer was lost
	}
	c := asking(a, p.seqs[i]+1)
	switch p.IntN(4) {
	case 0:
		c.Accepted = nil
	case 1:
		m := p.media[a.Owner]
		c.Accepted.Input, c.Postings[0].MediaID = wire.Input{Kind: m.Kind, MediaID: m.ID}, m.ID
	}
	if n := len(p.open[i]); n > 0 && p.IntN(2) == 0 {
		end := answering(a, c.Seq+1, p.open[i][p.IntN(n)])
		c.Seq, c.Ended, c.Postings = end.Seq, end.Ended, append(c.Postings, end.Postings...)
		if p.IntN(2) == 0 {
			c.Stash = end.Stash
		}
	}
	if n := len(p.said[i]); n > 0 && p.IntN(4) == 0 {
		heard := *p.said[i][p.IntN(n)]
		heard.Text, heard.RawTranscript = fmt.Sprint("heard ", p.Int()), "raw"
		c.Heard = &heard
	}
	if p.IntN(4) == 0 {
		c.Thread = &wire.Thread{Title: fmt.Sprint("title ", p.Int()), Pinned: p.IntN(2) == 0, Archived: p.IntN(2) == 0}
	}
	p.disturb(i, c)
	return c
}

// disturb does to a few steps what is rare or wrong.
func (p *player) disturb(i int, c *wire.Commit) {
	switch p.IntN(30) {
	case 0:
		c.Fence--
	case 1:
		c.Unstash, c.Stash = true, nil
	case 2:
		if n := len(p.said[i]); n > 0 {
			judged := *p.said[i][p.IntN(n)]
			judged.Verdict = wire.Confirmed
			c.Judged = &judged
		}
	case 3:
		c.Heard = &wire.Posting{ID: wire.NewID()}
	case 4:
		c.Ended = &wire.RecallEnd{RecallID: wire.NewID(), State: wire.RecallDone, EndedAt: testTime.Time}
	case 5:
		c.Deleted = true
	case 6, 7:
		if r := c.Accepted; r != nil && len(p.requests) > 0 {
			old := p.requests[p.IntN(len(p.requests))]
			r.UserID, r.RequestID, r.Input = old.UserID, old.RequestID, wire.Input{Kind: wire.InputText, Text: "again"}
		}
	case 8:
		if c.Accepted != nil {
			c.Accepted.Input.MediaID = wire.NewID()
		}
	case 9:
		if n := len(p.said[i]); n > 0 && p.IntN(4) == 0 {
			c.Postings[0].ID = p.said[i][0].ID
		}
	}
}

// learn takes over what was written.
func (p *player) learn(c *wire.Commit) {
	for i, a := range p.threads {
		if a.Thread.ID != c.ThreadID || p.seqs[i] == c.Seq {
			continue
		}
		p.seqs[i], p.last[i] = c.Seq, c
		p.said[i] = append(p.said[i], c.Postings[0])
		if c.Accepted != nil {
			p.open[i] = append(p.open[i], c.Accepted.ID)
			p.requests = append(p.requests, c.Accepted)
		}
		if c.Ended != nil {
			for at, id := range p.open[i] {
				if id == c.Ended.RecallID {
					p.open[i] = append(p.open[i][:at:at], p.open[i][at+1:]...)
					break
				}
			}
		}
	}
}

// everything is what the tables of a database hold, times apart that Postgres took.
func everything(t *testing.T, db *DB) string {
	t.Helper()
	const all = `
SELECT 't', to_jsonb(t) - 'deleted_at' || jsonb_build_object('deleted', deleted_at IS NULL) FROM recall_threads t
UNION ALL SELECT 'm', to_jsonb(m) FROM recall_messages m
UNION ALL SELECT 'r', to_jsonb(r) - CASE WHEN r.state = 'cancelled' THEN 'ended_at' ELSE '' END FROM recalls r
UNION ALL SELECT 's', to_jsonb(s) - 'id' FROM recall_stash s
UNION ALL SELECT 'v', to_jsonb(v) - 'touched_at' || jsonb_build_object('touched', touched_at > now() - interval '1 h') FROM recall_media v`
	return value[string](t, db, `SELECT string_agg(k || doc::text, E'\n' ORDER BY k, doc::text) FROM (`+all+`) a (k, doc)`)
}

// Whatever is committed together leaves the tables, and tells each caller, as if
// it had been committed one after the other.
func TestGroupDoesWhatEachAloneDoes(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			const threads = 12
			together, alone := openWith(t, gathering(threads)), openWith(t, Options{NoBatching: true})
			p := newPlayer(t, rand.New(rand.NewPCG(seed, 4)), threads, together, alone)
			for round := range 25 {
				commits := p.round()
				got, want := commitAll(t, together, commits...), commitAll(t, alone, commits...)
				for i, c := range commits {
					if doc, _ := json.Marshal(c); kindOf(got[i]) != kindOf(want[i]) {
						t.Fatalf("round %d: together %v, alone %v:\n%s", round, got[i], want[i], doc)
					}
					if want[i] == nil {
						p.learn(c)
					}
				}
			}
			if got, want := everything(t, together), everything(t, alone); got != want {
				t.Errorf("together:\n%s\nalone:\n%s", got, want)
			}
			t.Logf("%d recalls", len(p.requests))
		})
	}
}

// kindOf is an error as far as the two ways must agree: its text may name other places.
func kindOf(err error) string {
	for _, known := range []error{wire.ErrStale, wire.ErrDuplicate} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	if err == nil {
		return ""
	}
	return wire.AsError(err).Error()
}

func newPlayer(t *testing.T, r *rand.Rand, threads int, dbs ...*DB) *player {
	t.Helper()
	p := &player{Rand: r, seqs: make([]int64, threads), open: make([][]wire.ID, threads), said: make([][]*wire.Posting, threads),
		last: make([]*wire.Commit, threads), media: make(map[wire.ID]wire.Media)}
	for range threads {
		owner, thread := wire.NewID(), wire.Thread{ID: wire.NewID(), CreatedAt: testTime, LastMessageAt: testTime}
		m := wire.Media{ID: wire.NewID(), Owner: owner, Kind: wire.InputVoice, Size: 1, CreatedAt: testTime.Time}
		var a wire.Activation
		for _, db := range dbs {
			var err error
			if a, err = db.Create(t.Context(), owner, thread); err != nil {
				t.Fatal(err)
			}
			if err := db.StoreMedia(t.Context(), m); err != nil {
				t.Fatal(err)
			}
		}
		p.threads, p.media[owner] = append(p.threads, a), m
	}
	for _, db := range dbs {
		execSQL(t, db, `UPDATE recall_media SET touched_at = now() - interval '25 h'`)
	}
	return p
}
