package recall

import "recall/wire"

// Job is what there is to resolve.
type Job struct {
	Input   wire.Input
	History []*wire.Posting // the last messages of the thread, oldest first
}

// Outcome is how the work on a recall ended: a [wire.RecallCompleted] or a
// [wire.RecallFailed]. (Cancelled and expired are the thread's to say.)
type Outcome struct{ Terminal wire.Event }

// Failed is the outcome of a recall that could not be resolved for reason.
func Failed(reason *wire.Error, degraded []wire.Degraded) Outcome {
	if degraded == nil {
		degraded = []wire.Degraded{}
	}
	return Outcome{Terminal: &wire.RecallFailed{
		Code: reason.Code, Message: reason.Message, Retryable: reason.Retryable, RetryAfterMS: reason.RetryAfterMS, Degraded: degraded,
	}}
}
