package recall

import (
	"time"

	"recall/wire"
)

// Job is what there is to resolve.
type Job struct {
	RecallID wire.ID // names the recall to the outside services
	Owner    wire.ID // whose media may be read
	Input    wire.Input
	History  []*wire.Posting // the last messages of the thread, oldest first
}

// Outcome is how the work on a recall ended: a [wire.RecallCompleted] or a
// [wire.RecallFailed]. (Cancelled and expired are the thread's to say.)
type Outcome struct {
	Terminal wire.Event
	Outside  time.Duration // during which an outside service was being waited for
}

// Heard is an event for the thread alone: the words that were heard in a voice
// note, or read in a picture. They become the text of the user's message.
type Heard struct{ Text string }

// MessageType implements [wire.Message]. It is never sent.
func (*Heard) MessageType() string { return "" }

// Failed is the outcome of a recall that could not be resolved for reason.
func Failed(reason *wire.Error, degraded []wire.Degraded) Outcome {
	if degraded == nil {
		degraded = []wire.Degraded{}
	}
	return Outcome{Terminal: &wire.RecallFailed{
		Code: reason.Code, Message: reason.Message, Retryable: reason.Retryable, RetryAfterMS: reason.RetryAfterMS, Degraded: degraded,
	}}
}
