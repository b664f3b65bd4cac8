package app_test

import (
	"fmt"
	"slices"
	"testing"

	"recall/stress/device"
)

// threads turns the pages of the list and returns all ids.
func (p *phone) threads(f fields, size int) (ids []string) {
	p.w.t.Helper()
	for cursor := ""; ; {
		page := fields{"limit": size, "cursor": cursor}
		for k, v := range f {
			page[k] = v
		}
		got := p.want("threads", "thread.list", page)
		for _, th := range list(got, "threads") {
			ids = append(ids, dig(th, "id").(string))
		}
		if n := len(list(got, "threads")); n > size {
			p.w.t.Errorf("a page of %d has %d threads", size, n)
		}
		if cursor = text(got, "next_cursor"); cursor == "" {
			return ids
		}
	}
}

func TestThreadList(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	p := w.user().dial()
	made := make([]string, 0, 25)
	for i := range 25 {
		f := p.want("thread", "thread.create", fields{"title": fmt.Sprintf("Thread %d", i)})
		made = append(made, text(f, "thread.id"))
	}
	p.found(made[0], known) // now the latest
	var want []string       // by the latest message; some may be of the same millisecond
	w.row(`SELECT array_agg(id::text ORDER BY last_message_at DESC, id DESC) FROM recall_threads`, nil, &want)
	if len(want) != 25 || want[0] != made[0] {
		t.Fatalf("the database has %v", want)
	}
	for _, size := range []int{7, 20} {
		if got := p.threads(nil, size); !slices.Equal(got, want) {
			t.Errorf("pages of %d: %v, want %v", size, got, want)
		}
	}
	if first := p.want("threads", "thread.list", nil); len(list(first, "threads")) != 20 {
		t.Errorf("the default page has %d", len(list(first, "threads")))
	}
	p.want("thread", "thread.update", fields{"thread_id": made[3], "archived": true})
	p.want("ok", "thread.delete", fields{"thread_id": made[4]})
	want = slices.DeleteFunc(want, func(id string) bool { return id == made[3] || id == made[4] })
	if got := p.threads(nil, 20); !slices.Equal(got, want) {
		t.Errorf("without the archived and the deleted: %v", got)
	}
	if got := p.threads(fields{"archived": true}, 20); !slices.Equal(got, made[3:4]) {
		t.Errorf("archived: %v", got)
	}
}

// The list is kept in memory, and yet shows every change as soon as that has been
// answered, on whatever connection.
func TestThreadListIsNeverOld(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	u := w.user()
	p, q := u.dial(), u.dial()
	listed := func(id string) (thread any, all int) {
		threads := list(q.want("threads", "thread.list", nil), "threads")
		for _, th := range threads {
			if dig(th, "id") == id {
				thread = th
			}
		}
		return thread, len(threads)
	}
	if _, n := listed(""); n != 0 {
		t.Fatalf("%d threads to begin with", n)
	}
	for i := range 5 {
		id := p.thread()
		if th, n := listed(id); n != i+1 || th == nil {
			t.Fatalf("after thread.create: %d threads, and %v", n, th)
		}
		title := fmt.Sprintf("Title %d", i)
		p.want("thread", "thread.update", fields{"thread_id": id, "title": title})
		before, _ := listed(id)
		if dig(before, "title") != title {
			t.Errorf("after thread.update to %s: %v", title, before)
		}
		p.ask(id, unknown)
		if after, _ := listed(id); dig(after, "seq").(float64) <= dig(before, "seq").(float64) {
			t.Errorf("after a recall: %v", after)
		}
		if i == 4 {
			p.want("ok", "thread.delete", fields{"thread_id": id})
			if th, n := listed(id); n != 4 || th != nil {
				t.Errorf("after thread.delete: %d threads, and %v", n, th)
			}
		}
	}
}

func TestThreadLife(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	u := w.user()
	p, q := u.dial(), u.dial()
	id := device.NewUUID()
	first := p.want("thread", "thread.create", fields{"thread_id": id, "title": " Mine "})
	if text(first, "thread.title") != "Mine" || text(first, "thread.id") != id || at(first, "thread.pinned") != false {
		t.Errorf("made %s", first.Raw)
	}
	again := q.want("thread", "thread.create", fields{"thread_id": id, "title": "Other"})
	if text(again, "thread.title") != "Mine" || text(again, "thread.created_at") != text(first, "thread.created_at") {
		t.Errorf("made again %s", again.Raw)
	}
	w.user().dial().refused("not_found", "thread.create", fields{"thread_id": id})

	p.want("thread", "thread.update", fields{"thread_id": id, "pinned": true})
	changed := p.want("thread", "thread.update", fields{"thread_id": id, "title": "Ours"})
	if text(changed, "thread.title") != "Ours" || at(changed, "thread.pinned") != true || at(changed, "thread.archived") != false {
		t.Errorf("changed to %s", changed.Raw)
	}
	q.await("the change", func(f device.Frame) bool { return f.Type == "thread.updated" && text(f, "thread.title") == "Ours" })
	if got := q.want("thread", "thread.get", fields{"thread_id": id}); text(got, "thread.title") != "Ours" {
		t.Errorf("got %s", got.Raw)
	}
	p.found(id, known)
	p.want("ok", "thread.unsubscribe", fields{"thread_id": id})
	seen := len(p.events(id))
	q.want("thread", "thread.update", fields{"thread_id": id, "title": "Unheard"})
	p.want("pong", "ping", nil)
	if n := len(p.events(id)); n != seen {
		t.Errorf("%d events after unsubscribe", n-seen)
	}

	p.want("ok", "thread.delete", fields{"thread_id": id})
	for kind, f := range map[string]fields{
		"thread.get": {"thread_id": id}, "messages.list": {"thread_id": id}, "thread.update": {"thread_id": id, "pinned": true},
		"thread.subscribe": {"thread_id": id}, "thread.create": {"thread_id": id}, "recall": question(id, device.NewUUID(), known),
	} {
		q.refused("not_found", kind, f)
	}
	if n := w.count(`SELECT count(*) FROM recall_messages WHERE thread_id = $1`, id); n < 2 {
		t.Errorf("a soft delete left %d messages", n)
	}
}
