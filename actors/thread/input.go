package thread

import (
	"go.opentelemetry.io/otel/trace"

	"recall/actors/recall"
	"recall/actors/user"
	"recall/wire"
)

// Peer is the address of a session's actor. It is a plain value so that the
// state can be compared and printed, and travels to another node as it is.
type Peer struct{ Address, ID string }

// Request is a client's command for this thread. It is answered exactly once: the
// reply goes to From and carries ID for the client and Token for the session.
type Request struct {
	From    Peer
	ID      string
	Token   uint64
	User    wire.ID
	Command wire.Command
	Refusal *Refusal   // of a recall that would be a new one; nil: it is welcome
	Trace   trace.Span // what this is a part of; nil: not traced
}

// Refusal keeps new recalls out while the process has too much to do or is about to
// end. A repeated request_id joins its recall all the same.
type Refusal struct {
	Error  *wire.Error
	Reason string // that it is counted under once somebody was refused; empty: it is not counted
}

// The inputs of [State.Step] besides [Request] are what the effects come back with.
type (
	// Activated is the result of [Activate] and [Create].
	Activated struct {
		Activation wire.Activation
		Err        error
	}
	// MediaUsed is the result of [UseMedia].
	MediaUsed struct {
		Request  wire.ID // request_id
		RecallID wire.ID
		Err      error
	}
	// Admitted is the user's decision on a recall.
	Admitted struct {
		Request  wire.ID // request_id
		RecallID wire.ID // as asked for; the decision may name an earlier one
		Decision user.Decision
		Err      error
	}
	// Committed is the outcome of the [Commit] in flight. After [wire.ErrUnsure],
	// which nothing could clear, only the next activation can know.
	Committed struct{ Err error }
	// Stalled says that the commit in flight did not succeed at once and is being
	// repeated: who waits for it should be told now.
	Stalled struct{}
	// Loaded is the result of [Load].
	Loaded struct {
		Key  PageKey
		Page wire.Page
		Err  error
	}
	// Looked is the result of [LookUp]: an earlier recall of the same request_id.
	Looked struct {
		Request wire.ID
		Recall  wire.Recall
		Message *wire.Posting
		Err     error
	}
	// FoundPosting is the result of [FindPosting].
	FoundPosting struct {
		Request Request
		Posting *wire.Posting
		Err     error
	}
	// Progress is an event of the running recall.
	Progress struct {
		RecallID wire.ID
		Event    wire.Event
	}
	// Resolved is the end of the running recall.
	Resolved struct {
		RecallID wire.ID
		Outcome  recall.Outcome
	}
	// Due says that a recall's budget has run out.
	Due struct{ RecallID wire.ID }
	// BurstsOver says that a while has passed since [SweepBursts].
	BurstsOver struct{}
	// Gone says that a session has ended.
	Gone struct{ Peer Peer }
	// Idle says that nothing came in for [Config.Idle].
	Idle struct{}
)
