package user

import (
	"time"

	"go.opentelemetry.io/otel/trace"

	"recall/wire"
)

// The calls that a user's grain answers.
type (
	// Admit asks for a recall to be let in: [Decision].
	Admit struct {
		Recall wire.Recall
		Trace  trace.Span // what this is a part of; nil: not traced
	}
	// Release gives the slot back; with Refund the recall never counted. No answer.
	Release struct {
		RecallID wire.ID
		Refund   bool
	}
	// ShowLimits asks how the limits stand: [Standing]. With Starting an app has just
	// come up, and will show the thread list.
	ShowLimits struct{ Starting bool }
	// List asks for a page of the user's threads: [Listing].
	List struct {
		Command *wire.ThreadList
		Trace   trace.Span // what this is a part of; nil: not traced
	}
	// ListChanged says that the thread list is out of date. No answer.
	ListChanged struct{}
)

// The answers. Each has an Err for the case that the grain cannot serve now.
type (
	// Decision on an [Admit]. Refused is a limit's word; Joins says that the
	// request_id was admitted before, as RecallID of ThreadID.
	Decision struct {
		RecallID wire.ID
		ThreadID wire.ID
		At       time.Time // when it counts from
		Joins    bool
		Refused  *wire.Error
		Err      error
	}
	// Standing answers [ShowLimits].
	Standing struct {
		Limits []wire.Limit
		Err    error
	}
	// Listing answers [List].
	Listing struct {
		Threads *wire.Threads
		Err     error
	}
)

// Accepted tells whether the recall was counted and holds a slot.
func (d Decision) Accepted() bool { return d.Err == nil && d.Refused == nil && !d.Joins }

// Call is a call with the address that its answer goes to.
type Call struct {
	From any
	Body any
}

// The results of effects.
type (
	// Rebuilt is the result of [Rebuild].
	Rebuilt struct {
		Log []wire.Admission
		Err error
	}
	// Listed is the result of [Read].
	Listed struct {
		Key     ListKey
		Threads *wire.Threads
		Err     error
	}
	// Idle says that nothing came in for [Config.Idle].
	Idle struct{}
)

// Effect is something that [State.Step] wants done.
type Effect interface{ effect() }

// The effects.
type (
	// Rebuild reads the recalls since a time: [Rebuilt].
	Rebuild struct {
		Since time.Time
		Trace trace.Span // of what asked first
	}
	// Read reads a page of the thread list: [Listed]. One that is a Prefetch is only made
	// when the store has nothing better to do; otherwise it fails.
	Read struct {
		Key      ListKey
		Command  *wire.ThreadList
		Prefetch bool
		Trace    trace.Span // of who asked first
	}
	// Answer sends an answer.
	Answer struct {
		To   any
		Body any
	}
	// Stop ends the activation.
	Stop struct{}
)

func (Rebuild) effect() {}
func (Read) effect()    {}
func (Answer) effect()  {}
func (Stop) effect()    {}
