package persistence

import (
	"context"
	"encoding/json"
	"time"

	"recall/wire"
)

// opCommit is the one operation whose outcome must never be guessed.
const opCommit = "commit"

// Commit writes one step of a thread, whole or not at all. It fails with
// [wire.ErrStale] when another activation has taken the thread over or it was
// deleted, with [wire.ErrDuplicate] when the request_id of the accepted recall
// is taken, with not_found when the message to judge is not of this thread, the
// heard one not its user's, or the accepted recall's media not (or no more) there.
// Those media are marked as used by it. After [wire.ErrUnsure] the same Commit may be
// sent again: if it was written before, that succeeds and changes nothing. That is also
// the answer to a caller that gives up after its commit was sent, for whatever reason.
//
// Commits of many threads are written together (see [Options.NoBatching]); each has its
// own outcome. A caller that gives up before its commit was sent withdraws it.
func (db *DB) Commit(ctx context.Context, c *wire.Commit) (err error) {
	ctx, end := db.begin(ctx, opCommit, &err)
	defer end()
	ctx, span := traceCommit(ctx)
	e := &entry{ctx: ctx, since: time.Now(), told: make(chan struct{})}
	defer func() { endCommit(span, e.size, err) }()
	if e.commitDoc, err = newCommitDoc(c); err != nil {
		return notSent("encode", err)
	}
	if db.groups == nil {
		return db.commitAlone(ctx, &e.commitDoc)
	}
	return db.groups.commit(ctx, e)
}

// commitAlone writes a commit on a connection of its own.
func (db *DB) commitAlone(ctx context.Context, d *commitDoc) error {
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return notSent("wait for a connection", err)
	}
	defer conn.Release()
	return d.write(ctx, conn)
}

// step is the part of a commit that is not messages, as recall_commit takes it.
type step struct {
	LastMessageAt string      `json:"last_message_at,omitempty"`
	Thread        *stepThread `json:"thread,omitempty"`
	Judged        *stepJudged `json:"judged,omitempty"`
	Heard         *stepHeard  `json:"heard,omitempty"`
	Accepted      *stepRecall `json:"accepted,omitempty"`
	Ended         *stepEnd    `json:"ended,omitempty"`
	Stash         *stepStash  `json:"stash,omitempty"`
	Unstash       bool        `json:"unstash,omitempty"`
	Deleted       bool        `json:"deleted,omitempty"`
}

type stepThread struct {
	Title    string `json:"title"`
	Summary  string `json:"summary"`
	Pinned   bool   `json:"pinned"`
	Archived bool   `json:"archived"`
}

type stepJudged struct {
	ID      wire.ID      `json:"id"`
	Verdict wire.Verdict `json:"verdict"`
}

type stepHeard struct {
	ID            wire.ID `json:"id"`
	Text          string  `json:"text,omitempty"`
	RawTranscript string  `json:"raw_transcript,omitempty"`
}

type stepRecall struct {
	ID         wire.ID    `json:"id"`
	UserID     wire.ID    `json:"user_id"`
	RequestID  wire.ID    `json:"request_id"`
	MessageID  wire.ID    `json:"message_id"`
	Input      wire.Input `json:"input"`
	AcceptedAt string     `json:"accepted_at"`
}

type stepEnd struct {
	ID       wire.ID          `json:"id"`
	State    wire.RecallState `json:"state"`
	Terminal json.RawMessage  `json:"terminal,omitempty"`
	EndedAt  string           `json:"ended_at"`
}

type stepStash struct {
	Title      string   `json:"title,omitempty"`
	Artist     string   `json:"artist,omitempty"`
	Confidence *float64 `json:"confidence,omitempty"`
	URL        string   `json:"url,omitempty"`
	CreatedAt  string   `json:"created_at"`
}

func newStep(c *wire.Commit) step {
	s := step{LastMessageAt: newest(c.Postings), Unstash: c.Unstash, Deleted: c.Deleted}
	if t := c.Thread; t != nil {
		s.Thread = &stepThread{t.Title, t.Summary, t.Pinned, t.Archived}
	}
	if p := c.Judged; p != nil {
		s.Judged = &stepJudged{p.ID, p.Verdict}
	}
	if p := c.Heard; p != nil {
		s.Heard = &stepHeard{p.ID, p.Text, p.RawTranscript}
	}
	if r := c.Accepted; r != nil {
		s.Accepted = &stepRecall{r.ID, r.UserID, r.RequestID, r.MessageID, r.Input, stored(r.AcceptedAt)}
	}
	if e := c.Ended; e != nil {
		s.Ended = &stepEnd{e.RecallID, e.State, e.Terminal, stored(e.EndedAt)}
	}
	if k := c.Stash; k != nil {
		s.Stash = &stepStash{k.TopSongTitle, k.TopSongArtist, k.TopConfidence, k.TopSongURL, stored(k.CreatedAt.Time)}
	}
	return s
}

// newest is the time of the latest posting, empty when there is none.
func newest(postings []*wire.Posting) string {
	var latest time.Time
	for _, p := range postings {
		if p.CreatedAt.After(latest) {
			latest = p.CreatedAt.Time
		}
	}
	if latest.IsZero() {
		return ""
	}
	return stored(latest)
}
