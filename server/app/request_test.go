package app_test

import (
	"testing"

	"recall/stress/device"
)

// Promise 3: the same request_id is the same recall, from wherever and whenever
// it is repeated, and is charged once.
func TestRepeatedRequest(t *testing.T) {
	t.Parallel()
	w := setup(t, patient)
	u := w.user()
	p, q := u.dial(), u.dial()
	thread, request := p.thread(), device.NewUUID()
	open := w.shut("UPDATE")
	first := p.want("recall.accepted", "recall", question(thread, request, known))
	again := func(who *phone, when string) {
		t.Helper()
		f := who.want("recall.accepted", "recall", question(thread, request, known))
		if f.RecallID != first.RecallID || text(f, "message.id") != text(first, "message.id") || text(f, "request_id") != request {
			t.Errorf("%s: %s, first %s", when, f.Raw, first.Raw)
		}
	}
	again(p, "on the same connection")
	again(q, "on another connection")
	open()
	p.ending(first.RecallID)
	q.ending(first.RecallID)
	again(p, "after the end")
	again(u.dial(), "on a new connection after the end")
	q.refused("bad_request", "recall", question(q.thread(), request, known))

	if n := p.remaining("recall_minute"); n != 9 {
		t.Errorf("%d of the minute remain after one recall", n)
	}
	if n := w.count(`SELECT count(*) FROM recalls`); n != 1 {
		t.Errorf("%d recalls are stored", n)
	}
	if n := w.count(`SELECT count(*) FROM recall_messages WHERE role = 'user'`); n != 1 {
		t.Errorf("%d questions are stored", n)
	}

	other := w.user().dial() // the key is the user's own
	f := other.want("recall.accepted", "recall", question(other.thread(), request, known))
	if f.RecallID == first.RecallID {
		t.Error("another user joined the recall")
	}
	other.ending(f.RecallID)

	w.restart()
	again(u.dial(), "after a restart")
}

// Many at the same moment, on two connections, are one.
func TestRepeatedRequestAtOnce(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	u := w.user()
	phones := []*phone{u.dial(), u.dial()}
	thread, request := phones[0].thread(), device.NewUUID()
	answers := make(chan device.Frame)
	for i := range 20 {
		go func() {
			f, _ := phones[i%2].Do(w.ctx, "recall", question(thread, request, known)) // an empty frame tells of a fault
			answers <- f
		}()
	}
	ids := map[string]bool{}
	for range 20 {
		f := <-answers
		if f.Type != "recall.accepted" {
			t.Errorf("got %s", f.Raw)
		}
		ids[f.RecallID] = true
	}
	if len(ids) != 1 {
		t.Fatalf("%d recalls were made", len(ids))
	}
	for id := range ids {
		phones[0].ending(id)
	}
	if n := phones[1].remaining("recall_minute"); n != 9 {
		t.Errorf("%d of the minute remain", n)
	}
}
