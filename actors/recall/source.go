package recall

import (
	"context"

	"recall/wire"
)

// Source finds songs: the catalogue, a recognizer, a language model. A source
// may be slow or down; the recall goes on without it.
type Source interface {
	// Name is how candidates and `degraded` name the source ("catalog").
	Name() string
	// Find answers q within ctx. No match is an empty Finding and no error.
	Find(ctx context.Context, q Query) (Finding, error)
}

// Query is what a source is asked.
type Query struct {
	Text  string // the person's words of this turn
	Known Known  // what the thread knows besides
	Limit int    // the most candidates wanted
}

// Known is what the last messages of the thread tell about this search
// (RECALL.md, step 6).
type Known struct {
	Earlier []string // the person's earlier words of the same search, oldest first
	Asked   []string // questions already asked: never ask them again
	Avoid   []Offer  // songs rejected or passed over: do not offer them again
	Given   []Offer  // songs offered in this thread and still standing

	song Offer // that the conversation is about: the last one offered that stands
}

// Offer is a song that was offered in the thread.
type Offer struct {
	Key        string // of the candidate
	Title      string
	Artist     string
	Confidence float64
	Verdict    wire.Verdict
}

// Finding is what a source found.
type Finding struct {
	Candidates []wire.Candidate // best first
	FollowUp   string           // the one question that would help most; "" when none would
}
