package thread

import (
	"time"

	"go.opentelemetry.io/otel/trace"

	"recall/wire"
)

// Effect is something that [State.Step] wants done. Effects are carried out in
// order; those that wait report back with an input. Trace is what an effect is a part
// of, nil when that is not traced.
type Effect interface{ effect() }

// The effects.
type (
	// Activate wakes the thread's row and takes a fence: [Activated].
	Activate struct{ Trace trace.Span }
	// Create makes the row, or finds it: [Activated].
	Create struct {
		Owner  wire.ID
		Thread wire.Thread
		Trace  trace.Span
	}
	// Commit writes one durable step: [Committed], perhaps [Stalled] before. With
	// Must it is repeated until the store takes it.
	Commit struct {
		Commit *wire.Commit
		Must   bool
		Trace  trace.Span
	}
	// Load reads a page: [Loaded]. One that is a Prefetch is only made when the store has
	// nothing better to do; otherwise it fails.
	Load struct {
		Key      PageKey
		Query    wire.PageQuery
		Prefetch bool
		Trace    trace.Span
	}
	// FindPosting reads one message of this thread: [FoundPosting]. It is a part of what
	// its request is.
	FindPosting struct {
		Request   Request
		MessageID wire.ID
	}
	// UseMedia looks whether what a recall is about was uploaded by its user, and keeps
	// it from being swept away: [MediaUsed].
	UseMedia struct {
		Recall wire.Recall
		Trace  trace.Span
	}
	// Admit asks the user's limits: [Admitted].
	Admit struct {
		Recall wire.Recall
		Trace  trace.Span
	}
	// Release gives the user's slot back. With Refund the recall never counted.
	Release struct {
		UserID, RecallID wire.ID
		Refund           bool
	}
	// LookUp finds the recall that holds a request_id: [Looked].
	LookUp struct {
		UserID, RequestID wire.ID
		Trace             trace.Span
	}
	// Resolve starts the work of a recall: [Progress] and, at its end, [Resolved].
	Resolve struct {
		Recall   wire.Recall
		History  []*wire.Posting // the last messages before it, oldest first
		Deadline time.Time
		Trace    trace.Span
	}
	// Abandon stops the work of a recall; what it still sends is ignored.
	Abandon struct{ RecallID wire.ID }
	// Timer asks for [Due] at a time.
	Timer struct {
		RecallID wire.ID
		At       time.Time
	}
	// SweepBursts asks for [BurstsOver] after a while. One is under way at a time.
	SweepBursts struct{ After time.Duration }
	// Deliver sends a frame to one session; see [Delivery].
	Deliver struct {
		To Peer
		Delivery
	}
	// Broadcast sends a frame to every subscriber.
	Broadcast struct{ Frame *wire.Frame }
	// Watch asks for [Gone] when the session ends.
	Watch struct{ Peer Peer }
	// Unwatch takes a Watch back.
	Unwatch struct{ Peer Peer }
	// ListChanged tells the user's grain that its thread list is out of date.
	ListChanged struct{ UserID wire.ID }
	// Disown tells the subscribers that this activation can no longer serve them:
	// they reconnect and find the one that can.
	Disown struct{}
	// Stop ends the activation.
	Stop struct{}
)

func (Activate) effect()    {}
func (Create) effect()      {}
func (Commit) effect()      {}
func (Load) effect()        {}
func (FindPosting) effect() {}
func (UseMedia) effect()    {}
func (Admit) effect()       {}
func (Release) effect()     {}
func (LookUp) effect()      {}
func (Resolve) effect()     {}
func (Abandon) effect()     {}
func (Timer) effect()       {}
func (SweepBursts) effect() {}
func (Deliver) effect()     {}
func (Broadcast) effect()   {}
func (Watch) effect()       {}
func (Unwatch) effect()     {}
func (ListChanged) effect() {}
func (Disown) effect()      {}
func (Stop) effect()        {}
