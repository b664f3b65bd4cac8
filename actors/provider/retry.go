package provider

import (
	"slices"
	"time"

	"github.com/cenkalti/backoff/v4"

	"recall/actors/provider/fault"
)

// retryPause is the middle of the pause before a retry; jitter takes it to 100 to
// 300 ms.
const retryPause = 200 * time.Millisecond

// leftToRetry is the part of [Config.Timeout] that must be left after the pause: a
// retry that is likely to be cut off only adds load.
const leftToRetry = 4

// jittered is the pause before a retry. There is one retry at most, so that each
// pause is the first of a new series.
func jittered() time.Duration {
	return backoff.NewExponentialBackOff(
		backoff.WithInitialInterval(retryPause), backoff.WithRandomizationFactor(0.5)).NextBackOff()
}

// retries lets a failed call pause for its retry, or says that it has ended.
func (g *guard) retries(c *call, in ended) bool {
	if in.fault == nil || in.streamed || c.attempt > 1 || c.withdrawn || !g.mayRetry(in.fault) {
		return false
	}
	at := later(g.now.Add(in.fault.Wait), g.notBefore).Add(g.pause())
	if !g.intime(c, at) {
		return false
	}
	g.budget--
	c.phase, c.due, c.fault = pausing, at, in.fault
	return true
}

func (g *guard) mayRetry(f *fault.Fault) bool {
	passing := f.Class == fault.Unavailable || f.Class == fault.Throttled
	return passing && !f.Final && g.state == Closed && g.budget >= 1 && g.cfg.RetryShare > 0
}

// intime tells whether a retry at that time leaves it enough of what its callers have.
func (g *guard) intime(c *call, at time.Time) bool {
	return !at.Add(g.cfg.Timeout / leftToRetry).After(earlier(c.deadline, c.patience))
}

// resume makes the second attempt, unless the gate has been shut meanwhile: then it
// pauses longer if there is time, else the first fault stands.
func (g *guard) resume(c *call) {
	if !g.now.Before(g.notBefore) {
		g.launch(c)
		return
	}
	if c.due = g.notBefore.Add(g.pause()); !g.intime(c, c.due) {
		g.conclude(c, c.fault)
	}
}

// giveUpRetries ends the calls that pause: the service is not to be called now.
func (g *guard) giveUpRetries() {
	for _, c := range slices.Clone(g.active) {
		if c.phase == pausing {
			g.conclude(c, c.fault)
		}
	}
}
