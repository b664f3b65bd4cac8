package app_test

import (
	"testing"

	"recall/stress/device"
)

// seqs are the numbers of a page's messages.
func seqs(f device.Frame) (out []int64) {
	for _, m := range list(f, "messages") {
		out = append(out, int64(dig(m, "seq").(float64)))
	}
	return out
}

// pages reads a whole thread in one direction.
func (p *phone) pages(thread string, size int, forward bool) (all []int64) {
	p.w.t.Helper()
	f := fields{"thread_id": thread, "limit": size}
	if forward {
		f["after_seq"] = 0
	}
	for {
		page := p.want("messages", "messages.list", f)
		got := seqs(page)
		if len(got) > size || len(got) == 0 {
			p.w.t.Fatalf("a page of %d has %v", size, got)
		}
		if forward {
			all = append(all, got...)
			f["after_seq"] = got[len(got)-1]
		} else {
			all = append(got, all...)
			f["before_seq"] = got[0]
		}
		if at(page, "has_more") != true {
			return all
		}
	}
}

func TestMessagesPages(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	u := w.user()
	p := u.dial()
	thread := p.thread()
	p.found(thread, known)
	// A history longer than any page, as the earlier app would have written it.
	w.exec(`SELECT insert_recall_messages_batch(array_agg(jsonb_build_object('thread_id', $1::text, 'text', 'line ' || i) ORDER BY i))
		FROM generate_series(1, 120) i`, thread)
	w.restart() // what is written behind its back is read by the next activation
	p = u.dial()
	total := w.count(`SELECT count(*) FROM recall_messages WHERE thread_id = $1`, thread)
	for _, size := range []int{50, 7, 1} {
		for _, forward := range []bool{false, true} {
			all := p.pages(thread, size, forward)
			if len(all) != total {
				t.Errorf("pages of %d, forward %v: %d messages, want %d", size, forward, len(all), total)
			}
			for i := 1; i < len(all); i++ {
				if all[i] <= all[i-1] {
					t.Fatalf("pages of %d, forward %v: not in order: %v", size, forward, all)
				}
			}
		}
	}
	end := p.want("messages", "messages.list", fields{"thread_id": thread, "after_seq": 1 << 40})
	if len(list(end, "messages")) != 0 || at(end, "has_more") != false {
		t.Errorf("behind the end: %s", end.Raw)
	}
}

// What is read twice comes from memory, and never without what was just written.
func TestMessagesAreCached(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	u := w.user()
	p := u.dial()
	thread := p.thread()
	p.found(thread, known)
	p.messages(thread)
	if f := p.want("messages", "messages.list", fields{"thread_id": thread}); at(f, "cached") != true {
		t.Error("read twice, and not cached")
	}
	for range 5 {
		id := p.found(thread, unknown).RecallID
		f := p.want("messages", "messages.list", fields{"thread_id": thread})
		own := false
		for _, m := range list(f, "messages") {
			own = own || dig(m, "recall_id") == id && dig(m, "role") == "user"
		}
		if !own || at(f, "cached") != true {
			t.Fatalf("own question there: %v; %s", own, f.Raw)
		}
	}
	w.restart()
	q := u.dial()
	if f := q.want("messages", "messages.list", fields{"thread_id": thread}); at(f, "cached") != false {
		t.Error("cached before it was ever read")
	}
}
