package app_test

import (
	"testing"

	"recall/server/config"
	"recall/stress/device"
)

func few(c *config.Config) { c.FrameBurst, c.FramesPerSecond = 5, 1 }

// remaining is how much of a policy is left, by the limits of a welcome.
func (p *phone) remaining(policy string) int64 {
	p.w.t.Helper()
	welcome := p.want("welcome", "hello", nil)
	for _, l := range list(welcome, "limits") {
		if dig(l, "policy") == policy {
			return int64(dig(l, "remaining").(float64))
		}
	}
	p.w.t.Fatalf("no policy %s in %s", policy, welcome.Raw)
	return 0
}

// Ten recalls in a minute; the eleventh is refused, costs nothing and leaves
// nothing behind, and a restart forgets none of them.
func TestMinuteLimit(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	u := w.user()
	p := u.dial()
	thread := p.thread()
	for range 10 {
		p.found(thread, unknown)
	}
	if n := p.remaining("recall_minute"); n != 0 {
		t.Errorf("%d remain after ten", n)
	}
	if n := p.remaining("recall_hour"); n != 90 {
		t.Errorf("%d of the hour remain after ten", n)
	}
	before := len(p.messages(thread))
	for range 3 {
		refusedByMinute(t, p, thread)
	}
	limits := 0
	for _, f := range p.Frames() {
		if f.Type == "limits" {
			limits++
		}
	}
	if limits < 1+10+3-1 { // the last one may be on its way
		t.Errorf("limits were shown %d times", limits)
	}
	if after := len(p.messages(thread)); after != before {
		t.Errorf("a refused recall left %d messages", after-before)
	}
	if n := w.count(`SELECT count(*) FROM recalls WHERE thread_id = $1`, thread); n != 10 {
		t.Errorf("%d recalls are stored", n)
	}
	w.user().dial().want("pong", "ping", nil) // others are not concerned

	w.restart()
	p = u.dial()
	refusedByMinute(t, p, thread)
	if n := p.remaining("recall_hour"); n != 90 {
		t.Errorf("%d of the hour remain after the restart", n)
	}
}

func refusedByMinute(t *testing.T, p *phone, thread string) {
	t.Helper()
	f := p.refused("rate_limited", "recall", question(thread, device.NewUUID(), known))
	if f.Policy != "recall_minute" || f.RetryAfterMS < 1 || f.RetryAfterMS > 60_000 || at(f, "retryable") != true {
		t.Errorf("refused with %s", f.Raw)
	}
}

// Two at once; a slot comes back with the terminal event, whatever that is.
func TestConcurrentLimit(t *testing.T) {
	t.Parallel()
	w := setup(t, func(c *config.Config) {
		c.RecallsAtOnce = 2
		c.Batching = false // the gate would hold whoever is written together with the first
		patient(c)
	})
	p := w.user().dial()
	threads := []string{p.thread(), p.thread(), p.thread()}
	open := w.shut("UPDATE")
	a, b := p.ask(threads[0], known), p.ask(threads[1], known)
	f := p.refused("rate_limited", "recall", question(threads[2], device.NewUUID(), known))
	if f.Policy != "recall_concurrent" || f.RetryAfterMS < 1 {
		t.Errorf("refused with %s", f.Raw)
	}
	if n := p.remaining("recall_minute"); n != 8 {
		t.Errorf("%d of the minute remain after two", n)
	}
	open()
	p.ending(a)
	p.ending(b)
	eventually(w.ctx, t, "the slots", func() bool { return p.remaining("recall_concurrent") == 2 })
	p.found(threads[2], known)
}
