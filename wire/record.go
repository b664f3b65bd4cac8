package wire

import (
	"encoding/json"
	"time"
)

// This file is the vocabulary between the actors and the store: what a thread
// asks to be written, and what it learns when it wakes. Nothing of it is sent
// to a client as it stands.

// RecallState is the state of a recall's row. Every state but open is final.
type RecallState string

// The states; the final ones are the statuses and ends of the protocol.
const (
	RecallOpen      RecallState = "open"
	RecallDone      RecallState = "done"
	RecallRefining  RecallState = "refining"
	RecallNoMatch   RecallState = "no_match"
	RecallFailedEnd RecallState = "failed"
	RecallCancelEnd RecallState = "cancelled"
	RecallExpireEnd RecallState = "expired"
)

// Recall is an accepted recall.
type Recall struct {
	ID         ID
	ThreadID   ID
	UserID     ID
	RequestID  ID
	MessageID  ID // the user's message
	Input      Input
	AcceptedAt time.Time // starts the budget and counts for the limits
}

// Admission is what the user's limits need to know of a recall.
type Admission struct {
	RecallID   ID
	RequestID  ID
	ThreadID   ID
	AcceptedAt time.Time
	Ended      bool
}

// Activation is what a thread learns when it wakes. Fence rises with every
// activation; the store refuses writes that carry an older one.
type Activation struct {
	Owner  ID
	Thread Thread
	Fence  int64
	Open   []Recall // accepted and not ended, oldest first: a crash left them
}

// Commit is one durable step of a thread: written whole or not at all. Its
// events are those numbered up to Seq.
type Commit struct {
	ThreadID ID
	Owner    ID
	Fence    int64
	Seq      int64 // of the last event of this step; always above the one before

	Thread   *Thread    // the thread's own fields, when they changed
	Deleted  bool       // the thread is deleted
	Postings []*Posting // new messages
	Judged   *Posting   // a message whose verdict changed
	Heard    *Posting   // the user's message, with the words that were heard or read in its media
	Accepted *Recall    // a recall begins
	Ended    *RecallEnd // a recall ends
	Stash    *StashItem // the stash item as it is from now on
	Unstash  bool       // the stash item is dropped
}

// RecallEnd closes a recall's row.
type RecallEnd struct {
	RecallID ID
	State    RecallState
	Terminal json.RawMessage // the terminal event as sent
	EndedAt  time.Time
}

// PageQuery reads messages of a thread. At most one of Before and After is set.
type PageQuery struct {
	ThreadID ID
	Before   int64 // messages with a lower seq, the newest of them; 0: the newest of all
	After    int64 // messages with a higher seq, the oldest of them
	Forward  bool  // read on from After
	Limit    int
}

// Page is what a PageQuery found, in the order of seq.
type Page struct {
	Postings []*Posting
	HasMore  bool
}
