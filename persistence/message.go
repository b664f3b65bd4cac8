package persistence

import (
	"context"
	"encoding/json"
	"math"
	"slices"

	"github.com/jackc/pgx/v5"

	"recall/wire"
)

// messageColumns are what a [wire.Posting] is read from. Rows of the earlier app
// may lack anything, and hold an answer in response_text alone.
const messageColumns = `m.id, m.thread_id, coalesce(m.seq, 0), coalesce(m.role, 'system'), coalesce(m.message_type, 'text'),
       coalesce(nullif(m.text, ''), m.response_text, ''), coalesce(m.raw_transcript, ''), coalesce(m.edited_transcript, ''), m.media_id,
       m.candidate_json, m.sources_json, m.confidence::float8, coalesce(m.song_title, ''), coalesce(m.song_artist, ''),
       coalesce(m.song_url, ''), m.recall_id, coalesce(m.verdict, ''), m.created_at`

func (db *DB) scanPosting(row pgx.CollectableRow) (*wire.Posting, error) {
	p := new(wire.Posting)
	var candidate []byte
	err := row.Scan(&p.ID, &p.ThreadID, &p.Seq, &p.Role, &p.Type, &p.Text, &p.RawTranscript, &p.EditedTranscript, &p.MediaID,
		&candidate, (*[]byte)(&p.Sources), &p.Confidence, &p.SongTitle, &p.SongArtist,
		&p.SongURL, &p.RecallID, &p.Verdict, (*instant)(&p.CreatedAt))
	if err != nil {
		return nil, err
	}
	p.Confidence = finite(p.Confidence)
	if string(p.Sources) == "null" {
		p.Sources = nil
	}
	p.Candidate = readCandidate(candidate, p, db.songKey)
	return p, nil
}

// finite drops what numeric can hold and JSON cannot.
func finite(f *float64) *float64 {
	if f == nil || math.IsNaN(*f) || math.IsInf(*f, 0) {
		return nil
	}
	return f
}

const (
	newestMessages = `SELECT ` + messageColumns + ` FROM get_recall_messages_paginated($1, NULL, $2) m`
	messagesBefore = `SELECT ` + messageColumns + ` FROM recall_messages m
 WHERE m.thread_id = $1 AND m.seq < $2 ORDER BY m.seq DESC LIMIT $3`
	messagesAfter = `SELECT ` + messageColumns + ` FROM recall_messages m
 WHERE m.thread_id = $1 AND m.seq > $2 ORDER BY m.seq LIMIT $3`
)

// Page reads messages of a thread in the order of seq. A thread that does not
// exist has none.
func (db *DB) Page(ctx context.Context, q wire.PageQuery) (page wire.Page, err error) {
	ctx, end := db.begin(ctx, "fetch_messages", &err)
	defer end()
	forward := q.Forward || q.After > 0
	var rows pgx.Rows
	switch {
	case forward:
		rows, _ = db.pool.Query(ctx, messagesAfter, q.ThreadID, q.After, q.Limit+1)
	case q.Before > 0:
		rows, _ = db.pool.Query(ctx, messagesBefore, q.ThreadID, q.Before, q.Limit+1)
	default:
		rows, _ = db.pool.Query(ctx, newestMessages, q.ThreadID, q.Limit+1)
	}
	found, err := pgx.CollectRows(rows, db.scanPosting)
	if err != nil {
		return wire.Page{}, err
	}
	page.HasMore = len(found) > q.Limit
	page.Postings = found[:min(len(found), q.Limit)]
	if !forward {
		slices.Reverse(page.Postings)
	}
	return page, nil
}

const (
	threadOfMessage = `
SELECT t.id FROM recall_messages m JOIN recall_threads t ON t.id = m.thread_id
 WHERE m.id = $1 AND t.user_id = $2 AND t.deleted_at IS NULL`

	oneMessage = `SELECT ` + messageColumns + ` FROM recall_messages m WHERE m.id = $1 AND m.thread_id = $2`
)

// ThreadOfMessage finds the user's thread that the message stands in.
func (db *DB) ThreadOfMessage(ctx context.Context, userID, messageID wire.ID) (id wire.ID, err error) {
	ctx, end := db.begin(ctx, "thread_of_message", &err)
	defer end()
	err = db.pool.QueryRow(ctx, threadOfMessage, messageID, userID).Scan(&id)
	return id, orNotFound(err, "message")
}

// Posting reads one message of the thread.
func (db *DB) Posting(ctx context.Context, threadID, messageID wire.ID) (_ *wire.Posting, err error) {
	ctx, end := db.begin(ctx, "fetch_message", &err)
	defer end()
	rows, _ := db.pool.Query(ctx, oneMessage, messageID, threadID)
	p, err := pgx.CollectExactlyOneRow(rows, db.scanPosting)
	return p, orNotFound(err, "message")
}

// messageDoc is a posting as insert_recall_messages_batch takes it: the fields
// are columns.
type messageDoc struct {
	ID               wire.ID          `json:"id"`
	ThreadID         wire.ID          `json:"thread_id"`
	UserID           wire.ID          `json:"user_id"`
	CreatedAt        string           `json:"created_at"`
	Role             wire.Role        `json:"role"`
	Type             wire.PostingType `json:"message_type"`
	Text             string           `json:"text,omitempty"`
	RawTranscript    string           `json:"raw_transcript,omitempty"`
	EditedTranscript string           `json:"edited_transcript,omitempty"`
	Candidate        *wire.Candidate  `json:"candidate_json,omitempty"`
	Sources          json.RawMessage  `json:"sources_json,omitempty"`
	Confidence       *float64         `json:"confidence,omitempty"`
	SongURL          string           `json:"song_url,omitempty"`
	SongTitle        string           `json:"song_title,omitempty"`
	SongArtist       string           `json:"song_artist,omitempty"`
	Seq              int64            `json:"seq"`
	RecallID         wire.ID          `json:"recall_id,omitzero"`
	MediaID          wire.ID          `json:"media_id,omitzero"`
	Verdict          wire.Verdict     `json:"verdict,omitempty"`
}

func newMessageDoc(owner wire.ID, p *wire.Posting) messageDoc {
	return messageDoc{
		ID: p.ID, ThreadID: p.ThreadID, UserID: owner, CreatedAt: stored(p.CreatedAt.Time),
		Role: p.Role, Type: p.Type, Text: p.Text,
		RawTranscript: p.RawTranscript, EditedTranscript: p.EditedTranscript,
		Candidate: p.Candidate, Sources: p.Sources, Confidence: p.Confidence,
		SongURL: p.SongURL, SongTitle: p.SongTitle, SongArtist: p.SongArtist,
		Seq: p.Seq, RecallID: p.RecallID, MediaID: p.MediaID, Verdict: p.Verdict,
	}
}
