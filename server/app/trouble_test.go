package app_test

import (
	"testing"
	"time"

	"recall/server/config"
	"recall/stress/device"
)

// A recall that the database does not take in time is refused as unavailable,
// costs nothing, and can be sent again as it was.
func TestRecallThatCannotBeStored(t *testing.T) {
	t.Parallel()
	w := setup(t, func(c *config.Config) { c.StatementTimeout = 200 * time.Millisecond })
	p := w.user().dial()
	thread, request := p.thread(), device.NewUUID()
	open := w.shut("INSERT")
	f := p.refused("unavailable", "recall", question(thread, request, known))
	if at(f, "retryable") != true {
		t.Errorf("refused with %s", f.Raw)
	}
	eventually(w.ctx, t, "the refund", func() bool {
		return p.remaining("recall_minute") == 10 && p.remaining("recall_concurrent") == 5
	})
	if got := p.messages(thread); len(got) != 0 {
		t.Errorf("it left %v", got)
	}
	open()
	accepted := p.want("recall.accepted", "recall", question(thread, request, known))
	if end := p.ending(accepted.RecallID); end.Type != "recall.completed" {
		t.Errorf("ended with %s", end.Raw)
	}
	if n := p.remaining("recall_minute"); n != 9 {
		t.Errorf("%d of the minute remain after one", n)
	}
	w.ended()
}

// A terminal event that the database does not take in time is stored and sent
// when it does: once.
func TestEndThatCannotBeStoredYet(t *testing.T) {
	t.Parallel()
	w := setup(t, func(c *config.Config) { c.StatementTimeout = 200 * time.Millisecond })
	p := w.user().dial()
	thread := p.thread()
	open := w.shut("UPDATE")
	id := p.ask(thread, known)
	w.queued(t, "advisory", 1)
	p.refused("unavailable", "thread.update", fields{"thread_id": thread, "title": "Behind it"})
	open()
	if end := p.ending(id); end.Type != "recall.completed" {
		t.Errorf("ended with %s", end.Raw)
	}
	p.want("thread", "thread.update", fields{"thread_id": thread, "title": "After it"})
	if n := endings(p, thread); n != 1 {
		t.Errorf("%d terminal events", n)
	}
	w.ended()
}

// A thread that is deleted in the middle of a recall takes that with it: its end
// is told, its slot comes back.
func TestDeleteInMidRecall(t *testing.T) {
	t.Parallel()
	w := setup(t, patient)
	p, thread := w.past(w.user())
	id, release := w.hold(p, thread)
	p.want("ok", "thread.delete", fields{"thread_id": thread})
	release()
	if end := p.ending(id); end.Type != "recall.cancelled" {
		t.Errorf("ended with %s", end.Raw)
	}
	p.await("the deletion", func(f device.Frame) bool { return f.Type == "thread.deleted" && f.ThreadID == thread })
	eventually(w.ctx, t, "the slot", func() bool { return p.remaining("recall_concurrent") == 5 })
	if n := w.count(`SELECT count(*) FROM recalls WHERE state = 'open'`); n != 0 {
		t.Errorf("%d recalls are open", n)
	}
	p.refused("not_found", "recall.cancel", fields{"recall_id": id})
	p.found(p.thread(), known)
}
