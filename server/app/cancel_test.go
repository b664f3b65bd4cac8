package app_test

import (
	"context"
	"testing"
	"time"

	"recall/server/config"
	"recall/stress/device"
)

// patient lets the program wait for a shut gate as long as a test does, without
// taking the database for lost meanwhile.
func patient(c *config.Config) { c.StatementTimeout = time.Minute }

// past is a thread with a past that the program must read: it has just started.
func (w *world) past(u *user) (p *phone, thread string) {
	w.t.Helper()
	before := u.dial()
	thread = before.thread()
	before.found(thread, unknown)
	w.restart()
	return u.dial(), thread
}

// hold asks and stops the recall while it runs: where it reads the thread's past,
// since the table is locked between its acceptance and that.
func (w *world) hold(p *phone, thread string) (recallID string, release func()) {
	w.t.Helper()
	open := w.shut("INSERT")
	accepted := make(chan device.Frame, 1)
	go func() {
		f, _ := p.Do(w.ctx, "recall", question(thread, device.NewUUID(), known)) // checked below
		accepted <- f
	}()
	w.queued(w.t, "advisory", 1) // the question is written, not yet stored
	tx, err := w.db.Begin(w.ctx)
	check(w.t, err)
	ctx, cancel := context.WithCancel(w.ctx)
	locked, tried := make(chan error, 1), make(chan struct{})
	go func() {
		defer close(tried)
		_, err := tx.Exec(ctx, `LOCK TABLE recall_messages IN ACCESS EXCLUSIVE MODE`)
		locked <- err
	}()
	w.t.Cleanup(func() { // should the test fail meanwhile
		cancel()
		<-tried
		_ = tx.Rollback(context.Background())
	})
	w.queued(w.t, "relation", 1) // next in line
	open()
	f := <-accepted
	if f.Type != "recall.accepted" {
		w.t.Fatalf("got %s", f.Raw)
	}
	check(w.t, <-locked)
	return f.RecallID, func() { check(w.t, tx.Rollback(w.ctx)) }
}

// A recall that runs is stopped at once.
func TestCancelRunning(t *testing.T) {
	t.Parallel()
	w := setup(t, patient)
	p, thread := w.past(w.user())
	id, release := w.hold(p, thread)
	p.want("ok", "recall.cancel", fields{"recall_id": id})
	if end := p.ending(id); end.Type != "recall.cancelled" {
		t.Errorf("ended with %s", end.Raw)
	}
	release()
	got := p.messages(thread)
	if last := got[len(got)-1]; dig(last, "role") != "user" || dig(last, "recall_id") != id {
		t.Errorf("the thread ends with %v", last)
	}
	p.want("ok", "recall.cancel", fields{"recall_id": id}) // again does no harm
	next := p.found(thread, known)
	if next.Type != "recall.completed" {
		t.Errorf("the next one ended with %s", next.Raw)
	}
	if n := endings(p, thread); n != 2 {
		t.Errorf("%d terminal events for two recalls", n)
	}
}

// endings counts the terminal events that came for a thread.
func endings(p *phone, thread string) (n int) {
	for _, e := range p.events(thread) {
		if e.IsTerminal() {
			n++
		}
	}
	return n
}

// One runs and four wait; a sixth is refused with busy and costs nothing. One
// that waits can be cancelled while the first goes on.
func TestBusyAndCancelWaiting(t *testing.T) {
	t.Parallel()
	w := setup(t, func(c *config.Config) { c.RecallsAtOnce = 20; patient(c) })
	p := w.user().dial()
	thread := p.thread()
	accept, finish := w.shut("INSERT"), w.shut("UPDATE")
	for range 5 {
		go func() { _, _ = p.Do(w.ctx, "recall", question(thread, device.NewUUID(), known)) }() // replies are looked at below
	}
	eventually(w.ctx, t, "five admitted", func() bool { return p.remaining("recall_concurrent") == 15 })
	p.refused("busy", "recall", question(thread, device.NewUUID(), known))
	if n := p.remaining("recall_minute"); n != 5 {
		t.Errorf("%d of the minute remain after five", n)
	}
	accept()
	ids := accepted(p, 5)
	p.refused("busy", "recall", question(thread, device.NewUUID(), known))
	w.queued(t, "advisory", 1) // the first one is about to end
	p.want("ok", "recall.cancel", fields{"recall_id": ids[3]})
	finish()
	for i, id := range ids {
		want := map[bool]string{true: "recall.cancelled", false: "recall.completed"}[i == 3]
		if end := p.ending(id); end.Type != want {
			t.Errorf("recall %d ended with %s", i+1, end.Raw)
		}
	}
	eventually(w.ctx, t, "the slots", func() bool { return p.remaining("recall_concurrent") == 20 })
	if n := endings(p, thread); n != 5 {
		t.Errorf("%d terminal events for five recalls", n)
	}
	if n := w.count(`SELECT count(*) FROM recalls WHERE state = 'open'`); n != 0 {
		t.Errorf("%d recalls are open", n)
	}
}

// accepted waits for n accepted recalls and names them in their order.
func accepted(p *phone, n int) (ids []string) {
	p.w.t.Helper()
	p.await("accepted recalls", func(f device.Frame) bool {
		if f.Type == "recall.accepted" {
			ids = append(ids, f.RecallID)
		}
		return len(ids) == n
	})
	return ids
}

// A recall that gets nowhere ends when its budget does.
func TestExpired(t *testing.T) {
	t.Parallel()
	w := setup(t, func(c *config.Config) { c.RecallBudget = 2 * time.Second; patient(c) })
	p, thread := w.past(w.user())
	id, release := w.hold(p, thread)
	if end := p.ending(id); end.Type != "recall.expired" {
		t.Errorf("ended with %s", end.Raw)
	}
	release()
	if end := p.found(thread, known); end.Type != "recall.completed" {
		t.Errorf("the next one ended with %s", end.Raw)
	}
}
