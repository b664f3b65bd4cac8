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
	want := append([]string{made[0]}, reversed(made[1:])...)
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

func reversed(ids []string) []string {
	out := slices.Clone(ids)
	slices.Reverse(out)
	return out
}

// The list is kept in memory, and yet shows every change as soon as that has been
// answered, on whatever connection.
func TestThreadListIsNeverOld(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	u := w.user()
	p, q := u.dial(), u.dial()
	newest := func() (any, int) {
		f := q.want("threads", "thread.list", nil)
		return at(f, "threads.0"), len(list(f, "threads"))
	}
	if _, n := newest(); n != 0 {
		t.Fatalf("%d threads to begin with", n)
	}
	for i := range 5 {
		id := p.thread()
		if first, n := newest(); n != i+1 || dig(first, "id") != id {
			t.Fatalf("after thread.create: %d threads, the first is %v", n, first)
		}
		title := fmt.Sprintf("Title %d", i)
		p.want("thread", "thread.update", fields{"thread_id": id, "title": title})
		before, _ := newest()
		if dig(before, "title") != title {
			t.Errorf("after thread.update to %s: %v", title, before)
		}
		p.ask(id, unknown)
		if after, _ := newest(); dig(after, "seq").(float64) <= dig(before, "seq").(float64) {
			t.Errorf("after a recall: %v", after)
		}
	}
	first, _ := newest()
	p.want("ok", "thread.delete", fields{"thread_id": dig(first, "id")})
	if _, n := newest(); n != 4 {
		t.Errorf("after thread.delete: %d threads", n)
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
