package app_test

import (
	"slices"
	"testing"

	"recall/stress/device"
)

func (p *phone) stash(size int) (threads []string) {
	p.w.t.Helper()
	for cursor := ""; ; {
		got := p.want("stash", "stash.list", fields{"limit": size, "cursor": cursor})
		for _, item := range list(got, "items") {
			threads = append(threads, dig(item, "thread_id").(string))
		}
		if cursor = text(got, "next_cursor"); cursor == "" {
			return threads
		}
	}
}

func TestStash(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	u := w.user()
	p, q := u.dial(), u.dial()
	kept := make([]string, 0, 7)
	for range 7 {
		thread := p.thread()
		p.want("ok", "stash.add", fields{"thread_id": thread})
		kept = append(kept, thread)
	}
	all := p.stash(20) // the latest first; some may be of the same millisecond
	if got := p.stash(3); !slices.Equal(got, all) || !slices.Equal(slices.Sorted(slices.Values(all)), slices.Sorted(slices.Values(kept))) {
		t.Errorf("pages of 3: %v, of 20: %v, kept: %v", got, all, kept)
	}
	p.want("ok", "stash.add", fields{"thread_id": kept[6]}) // twice is once
	p.want("ok", "stash.remove", fields{"thread_id": kept[0]})
	p.want("ok", "stash.remove", fields{"thread_id": kept[0]})
	if got := q.stash(20); len(got) != 6 || slices.Contains(got, kept[0]) {
		t.Errorf("after the changes: %v", got)
	}
	thread := p.thread()
	p.found(thread, known) // sure enough to be kept by itself
	item := at(q.want("stash", "stash.list", nil), "items.0")
	if dig(item, "thread_id") != thread || dig(item, "top_song_title") != "Bohemian Rhapsody" {
		t.Errorf("kept %v", item)
	}
}

func TestConfirmAndReject(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	u := w.user()
	p, q := u.dial(), u.dial()
	thread := p.thread()
	p.found(thread, known)
	q.want("subscribed", "thread.subscribe", fields{"thread_id": thread})
	song := candidate(t, p, thread)
	for _, c := range []struct{ kind, verdict string }{
		{"candidate.reject", "rejected"}, {"candidate.confirm", "confirmed"}, {"candidate.confirm", "confirmed"},
	} {
		p.want("ok", c.kind, fields{"message_id": song})
		q.await("the verdict", func(f device.Frame) bool {
			return f.Type == "message.updated" && text(f, "message.id") == song && text(f, "message.verdict") == c.verdict
		})
		var stored string
		w.row(`SELECT verdict FROM recall_messages WHERE id = $1`, []any{song}, &stored)
		if stored != c.verdict {
			t.Errorf("%s stored %q", c.kind, stored)
		}
		for _, m := range q.messages(thread) {
			if dig(m, "id") == song && dig(m, "verdict") != c.verdict {
				t.Errorf("after %s the list shows %v", c.kind, dig(m, "verdict"))
			}
		}
	}
	if item := at(p.want("stash", "stash.list", nil), "items.0"); dig(item, "top_song_title") != "Bohemian Rhapsody" {
		t.Errorf("the confirmed song is not kept: %v", item)
	}
	question := dig(p.messages(thread)[0], "id")
	p.refused("bad_request", "candidate.confirm", fields{"message_id": question})
}
