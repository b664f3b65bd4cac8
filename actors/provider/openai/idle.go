package openai

import (
	"cmp"
	"context"
	"time"

	"recall/actors/provider/fault"
)

// ReasonStalled is the reason of a stream that fell silent.
const ReasonStalled = "stalled"

// afterEnd is how long a stream may take to close once everything was said. Reading
// that far lets the connection be used again; waiting longer is not worth it.
const afterEnd = 500 * time.Millisecond

// never is longer than any call.
const never = 24 * time.Hour

// patience ends a call when the service is silent for too long. It runs only while
// we wait for the service: what a caller does with a piece is not held against it.
type patience struct {
	cancel context.CancelCauseFunc
	timer  *time.Timer
}

// withPatience starts the clock with the wait for the answer to begin; 0: that wait
// has no bound of its own. The caller ends it with stop.
func withPatience(ctx context.Context, headers time.Duration) (context.Context, *patience) {
	ctx, cancel := context.WithCancelCause(ctx)
	p := &patience{cancel: cancel}
	p.timer = time.AfterFunc(cmp.Or(headers, never), func() {
		cancel(&fault.Fault{Class: fault.Timeout, Reason: ReasonStalled})
	})
	return ctx, p
}

// wait allows another d of silence.
func (p *patience) wait(d time.Duration) { p.timer.Reset(d) }

// rest stops the clock until the next wait.
func (p *patience) rest() { p.timer.Stop() }

func (p *patience) stop() {
	p.timer.Stop()
	p.cancel(nil)
}
