package app_test

import (
	"slices"
	"testing"

	"recall/stress/device"
)

// Two devices of one user see the same events in the same order; what they saw is
// what is stored; and the order within a recall is the promised one.
func TestRecallOnTwoDevices(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	u := w.user()
	a, b := u.dial(), u.dial()
	thread := a.thread()
	b.want("subscribed", "thread.subscribe", fields{"thread_id": thread})

	accepted := a.want("recall.accepted", "recall", question(thread, device.NewUUID(), "  "+known+" "))
	a.ending(accepted.RecallID)
	b.ending(accepted.RecallID)

	ea, eb := a.events(thread), b.events(thread)
	same := slices.EqualFunc(ea, eb, func(x, y device.Frame) bool { return string(x.Raw) == string(y.Raw) })
	if !same {
		t.Fatalf("the devices differ:\n%s\n%s", types(ea), types(eb))
	}
	for i, e := range ea {
		if e.Seq != int64(i+1) {
			t.Errorf("event %d has the number %d", i+1, e.Seq)
		}
	}
	if got := text(accepted, "message.text"); got != known {
		t.Errorf("accepted the text %q", got)
	}
	checkOrder(t, ea, accepted.RecallID)
	if top := text(a.ending(accepted.RecallID), "candidates.0.title"); top != "Bohemian Rhapsody" {
		t.Errorf("found %q", top)
	}
	checkRows(t, w, thread, ea)
}

// checkOrder holds the events of a recall against promise 2.
func checkOrder(t *testing.T, events []device.Frame, recallID string) {
	t.Helper()
	var own []string
	for _, e := range events {
		if e.RecallID == recallID && e.Type != "message" {
			own = append(own, e.Type)
		}
	}
	if len(own) == 0 || own[0] != "recall.started" {
		t.Fatalf("does not begin with recall.started: %v", own)
	}
	if last := events[len(events)-1]; !last.IsTerminal() {
		t.Errorf("does not end with the terminal event: %s", types(events))
	}
	answer := slices.Index(own, "recall.answer")
	if delta := slices.Index(own, "recall.answer.delta"); delta >= 0 && answer < delta {
		t.Errorf("a delta is not followed by the answer: %v", own)
	}
	if intent := slices.Index(own, "recall.intent"); intent >= 0 && slices.Index(own, "recall.transcript") > intent {
		t.Errorf("the transcript comes after the intent: %v", own)
	}
}

// checkRows holds the stored messages against those that were sent.
func checkRows(t *testing.T, w *world, thread string, events []device.Frame) {
	t.Helper()
	var sent []string
	for _, e := range events {
		if e.Type == "message" {
			sent = append(sent, text(e, "message.id")+" "+text(e, "message.message_type")+" "+text(e, "message.text"))
		}
	}
	rows, err := w.db.Query(w.ctx,
		`SELECT id::text || ' ' || message_type || ' ' || text FROM recall_messages WHERE thread_id = $1 ORDER BY seq`, thread)
	check(t, err)
	defer rows.Close()
	var stored []string
	for rows.Next() {
		var s string
		check(t, rows.Scan(&s))
		stored = append(stored, s)
	}
	if len(sent) < 2 || !slices.Equal(sent, stored) {
		t.Errorf("sent\n%q\nstored\n%q", sent, stored)
	}
}

// While the terminal event cannot be stored it is not sent; when it comes, the
// row says the same.
func TestTerminalIsStoredBeforeItIsSent(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	p := w.user().dial()
	thread := p.thread()
	open := w.shut("UPDATE")
	id := p.ask(thread, known)
	w.queued(t, "advisory", 1)
	p.want("pong", "ping", nil) // whatever was sent before has come
	for _, f := range p.events(thread) {
		if f.IsTerminal() {
			t.Fatalf("sent before it was stored: %s", f.Raw)
		}
	}
	open()
	end := p.ending(id)
	var state, status string
	var seq int64
	w.row(`SELECT state, terminal ->> 'status', terminal_seq FROM recalls WHERE id = $1`, []any{id}, &state, &status, &seq)
	if state == "open" || status != text(end, "status") || seq != end.Seq {
		t.Errorf("stored %s, %s, %d; sent %s", state, status, seq, end.Raw)
	}
}

// A lost connection takes nothing with it.
func TestDroppedConnectionDoesNotCancel(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	u := w.user()
	p := u.dial()
	thread := p.thread()
	open := w.shut("UPDATE")
	id := p.ask(thread, known)
	p.await("the start", func(f device.Frame) bool { return f.Type == "recall.started" })
	epoch, seq := p.Place(thread)
	p.Drop()
	again := u.dial()
	sub := again.want("subscribed", "thread.subscribe", fields{"thread_id": thread, "epoch": epoch, "after_seq": seq})
	if text(sub, "active_recall_id") != id || at(sub, "recovered") != true {
		t.Errorf("came back to %s", sub.Raw)
	}
	open()
	if end := again.ending(id); end.Type != "recall.completed" {
		t.Errorf("ended with %s", end.Raw)
	}
}

// Nothing found is an end like any other, and so is what this server cannot take.
func TestNoMatchAndOtherInput(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	p := w.user().dial()
	thread := p.thread()
	if end := p.found(thread, unknown); text(end, "status") != "no_match" || len(list(end, "candidates")) > 0 {
		t.Errorf("ended with %s", end.Raw)
	}
	for _, kind := range []string{"voice", "image"} {
		input := fields{"kind": kind, "media_id": device.NewUUID()}
		p.refused("not_found", "recall", fields{"thread_id": thread, "request_id": device.NewUUID(), "input": input})
	}
	p.want("pong", "ping", nil)
}
