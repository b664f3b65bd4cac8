package app_test

import (
	"reflect"
	"strings"
	"testing"

	"recall/stress/device"
)

// Another person's ids are answered as if there were no such thing, and so are
// ids that nobody has: word for word.
func TestOtherPeoplesIDs(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	owner := w.user().dial()
	thread := owner.thread()
	recall := owner.found(thread, known).RecallID
	message := candidate(t, owner, thread)
	epoch, seq := owner.Place(thread)
	before := owner.messages(thread)
	stranger := w.user().dial()

	for _, c := range []struct {
		kind string
		ids  fields // with the owner's ids
		none fields // with ids of nobody
	}{
		{"thread.get", fields{"thread_id": thread}, fields{"thread_id": device.NewUUID()}},
		{"thread.update", fields{"thread_id": thread, "title": "mine"}, fields{"thread_id": device.NewUUID(), "title": "mine"}},
		{"thread.delete", fields{"thread_id": thread}, fields{"thread_id": device.NewUUID()}},
		{"thread.subscribe", fields{"thread_id": thread, "epoch": epoch, "after_seq": 0}, fields{"thread_id": device.NewUUID(), "epoch": epoch, "after_seq": 0}},
		{"thread.unsubscribe", fields{"thread_id": thread}, fields{"thread_id": device.NewUUID()}},
		{"messages.list", fields{"thread_id": thread}, fields{"thread_id": device.NewUUID()}},
		{"stash.add", fields{"thread_id": thread}, fields{"thread_id": device.NewUUID()}},
		{"stash.remove", fields{"thread_id": thread}, fields{"thread_id": device.NewUUID()}},
		{"recall", question(thread, device.NewUUID(), known), question(device.NewUUID(), device.NewUUID(), known)},
		{"recall.cancel", fields{"recall_id": recall}, fields{"recall_id": device.NewUUID()}},
		{"candidate.confirm", fields{"message_id": message}, fields{"message_id": device.NewUUID()}},
		{"candidate.reject", fields{"message_id": message}, fields{"message_id": device.NewUUID()}},
	} {
		theirs := stranger.refused("not_found", c.kind, c.ids)
		nobodys := stranger.refused("not_found", c.kind, c.none)
		if text(theirs, "message") != text(nobodys, "message") {
			t.Errorf("%s tells %q from %q", c.kind, theirs.Message, nobodys.Message)
		}
	}
	stranger.refused("not_found", "thread.create", fields{"thread_id": thread, "title": "mine"})
	stranger.want("welcome", "hello", fields{"resume": []fields{{"thread_id": thread, "epoch": epoch, "after_seq": 0}}})
	stranger.await("the refusal", func(f device.Frame) bool { return f.Type == "error" && f.ID == "" && f.Code == "not_found" })

	owner.want("thread", "thread.update", fields{"thread_id": thread, "title": "Mine alone"})
	stranger.want("pong", "ping", nil)
	for _, f := range stranger.Frames() {
		if raw := string(f.Raw); strings.Contains(raw, "Mine alone") || strings.Contains(raw, "Bohemian") {
			t.Errorf("a stranger was told %s", raw)
		}
	}
	if after := owner.messages(thread); !reflect.DeepEqual(before, after) || epoch == "" || seq == 0 {
		t.Errorf("a stranger changed the messages: %v", after)
	}
	if n := len(list(stranger.want("threads", "thread.list", nil), "threads")); n != 0 {
		t.Errorf("a stranger has %d threads", n)
	}
	if n := len(list(stranger.want("stash", "stash.list", nil), "items")); n != 0 {
		t.Errorf("a stranger has %d stashed songs", n)
	}
}

// candidate is the message of the thread's first candidate.
func candidate(t *testing.T, p *phone, thread string) (messageID string) {
	t.Helper()
	for _, m := range p.messages(thread) {
		if dig(m, "message_type") == "candidate" {
			return dig(m, "id").(string)
		}
	}
	t.Fatal("no candidate in the thread")
	return ""
}

// A thousand commands at once are a thousand replies, each to its own.
func TestThousandCommandsAtOnce(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	p := w.user().dial()
	thread := p.thread()
	p.found(thread, known)
	kinds := []struct {
		kind, reply string
		f           fields
	}{
		{"ping", "pong", nil},
		{"thread.get", "thread", fields{"thread_id": thread}},
		{"messages.list", "messages", fields{"thread_id": thread, "limit": 3}},
		{"thread.list", "threads", nil},
		{"stash.list", "stash", nil},
		{"nonsense", "error", nil},
		{"thread.get", "error", fields{"thread_id": "42"}},
		{"thread.update", "thread", fields{"thread_id": thread, "title": "Busy"}},
	}
	faults := make(chan string, 1000)
	for i := range 1000 {
		c := kinds[i%len(kinds)]
		go func() {
			f, err := p.Do(w.ctx, c.kind, c.f)
			switch {
			case err != nil:
				faults <- c.kind + ": " + err.Error()
			case f.Type != c.reply:
				faults <- c.kind + ": " + string(f.Raw)
			default:
				faults <- ""
			}
		}()
	}
	for range 1000 {
		if fault := <-faults; fault != "" {
			t.Error(fault)
		}
	}
}

// A flood is refused frame by frame, with the wait that helps.
func TestFloodOfFrames(t *testing.T) {
	t.Parallel()
	w := setup(t, few)
	p := w.user().dial()
	for range 20 {
		check(t, p.Send(w.ctx, []byte(`{"type":"ping","id":"flood"}`)))
	}
	f := p.await("a refusal", func(f device.Frame) bool { return f.Type == "error" })
	if f.Code != "rate_limited" || f.Policy != "frames" || f.RetryAfterMS < 1 || f.ID != "flood" || at(f, "retryable") != true {
		t.Errorf("refused with %s", f.Raw)
	}
}
