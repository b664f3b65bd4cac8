package app_test

import (
	"testing"
	"time"

	"recall/server/config"
	"recall/stress/device"
)

// subscribe resumes a thread after an event.
func (p *phone) subscribe(thread, epoch string, after int64) device.Frame {
	p.w.t.Helper()
	return p.want("subscribed", "thread.subscribe", fields{"thread_id": thread, "epoch": epoch, "after_seq": after})
}

// last waits for an event with that number.
func (p *phone) last(thread string, seq int64) {
	p.w.t.Helper()
	p.await("the missed events", func(f device.Frame) bool { return f.IsEvent() && f.ThreadID == thread && f.Seq == seq })
}

// A client that lost its connection gets everything it missed, as it was, or is
// told to reload: never a part of it.
func TestResume(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	u := w.user()
	watching, lost := u.dial(), u.dial()
	thread := watching.thread()
	lost.want("subscribed", "thread.subscribe", fields{"thread_id": thread})
	watching.found(thread, known)
	lost.last(thread, watching.events(thread)[2].Seq)
	lost.Drop()
	epoch, seq := lost.Place(thread)
	watching.found(thread, unknown)
	all := watching.events(thread)
	end := all[len(all)-1].Seq

	back := u.dial()
	if sub := back.subscribe(thread, epoch, seq); at(sub, "recovered") != true || sub.Seq != end || sub.Epoch != epoch {
		t.Fatalf("came back to %s, the thread is at %d", sub.Raw, end)
	}
	back.last(thread, end)
	got := back.events(thread)
	if len(got) != int(end-seq) {
		t.Fatalf("%d events were missed, %d came", end-seq, len(got))
	}
	for i, f := range got {
		if string(f.Raw) != string(all[int(seq)+i].Raw) {
			t.Errorf("missed %s, got %s", all[int(seq)+i].Raw, f.Raw)
		}
	}
	for name, c := range map[string]struct {
		epoch string
		after int64
	}{"another epoch": {"no such epoch", seq}, "no epoch": {"", seq}, "the future": {epoch, end + 1}, "far future": {epoch, 1 << 50}} {
		stranger := u.dial()
		sub := stranger.subscribe(thread, c.epoch, c.after)
		stranger.want("pong", "ping", nil)
		if at(sub, "recovered") != false || sub.Seq != end || len(stranger.events(thread)) > 0 {
			t.Errorf("%s: %s and %s", name, sub.Raw, types(stranger.events(thread)))
		}
	}
	upToDate := u.dial()
	if sub := upToDate.subscribe(thread, epoch, end); at(sub, "recovered") != true {
		t.Errorf("nothing missed: %s", sub.Raw)
	}
}

// What lies further back than the thread remembers is not bridged in part.
func TestResumeAfterLong(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	u := w.user()
	p := u.dial()
	thread := p.thread()
	const changes = 600 // more than the history of a thread keeps
	for i := range changes {
		go func() {
			_, _ = p.Do(w.ctx, "thread.update", fields{"thread_id": thread, "pinned": i%2 == 0}) // its event tells
		}()
	}
	p.last(thread, changes)
	epoch, end := p.Place(thread)
	back := u.dial()
	if sub := back.subscribe(thread, epoch, 1); at(sub, "recovered") != false || sub.Seq != end {
		t.Errorf("came back to %s", sub.Raw)
	}
	back.want("ok", "thread.unsubscribe", fields{"thread_id": thread})
	if n := len(back.events(thread)); n != 0 {
		t.Errorf("a part of the gap came: %d events", n)
	}
	late := u.dial()
	if sub := late.subscribe(thread, epoch, end-100); at(sub, "recovered") != true {
		t.Errorf("came back to %s", sub.Raw)
	}
	late.last(thread, end)
	if n := len(late.events(thread)); n != 100 {
		t.Errorf("%d of 100 events came", n)
	}
}

// A hello resumes several threads at once; the replies follow the welcome.
func TestResumeInHello(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	u := w.user()
	p := u.dial()
	a, b := p.thread(), p.thread()
	p.found(a, known)
	p.found(b, unknown)
	epochA, endA := p.Place(a)
	epochB, endB := p.Place(b)
	back := w.dial(device.Options{})
	check(t, back.Send(w.ctx, []byte(`{"type":"hello","id":"h","token":"`+u.token+`","resume":[`+
		`{"thread_id":"`+a+`","epoch":"`+epochA+`","after_seq":0},{"thread_id":"`+b+`","epoch":"other`+epochB+`","after_seq":0}]}`)))
	back.last(a, endA)
	subA := back.await("a", func(f device.Frame) bool { return f.Type == "subscribed" && f.ThreadID == a })
	subB := back.await("b", func(f device.Frame) bool { return f.Type == "subscribed" && f.ThreadID == b })
	if at(subA, "recovered") != true || at(subB, "recovered") != false || subB.Seq != endB {
		t.Errorf("resumed to %s and %s", subA.Raw, subB.Raw)
	}
	if n := len(back.events(a)); n != int(endA) {
		t.Errorf("%d of %d events came", n, endA)
	}
	if first := back.Frames()[0]; first.Type != "welcome" || first.ID != "h" {
		t.Errorf("the first frame is %s", first.Raw)
	}
}

// A thread that nobody uses leaves memory and comes back as it was.
func TestPassivation(t *testing.T) {
	t.Parallel()
	w := setup(t, func(c *config.Config) { c.IdleAfter = 100 * time.Millisecond })
	u := w.user()
	p := u.dial()
	thread := p.thread()
	p.found(thread, known)
	messages := len(p.messages(thread))
	epoch, seq := p.Place(thread)
	fence := w.count(`SELECT fence FROM recall_threads WHERE id = $1`, thread)
	rest := func() { <-time.After(3 * w.cfg.IdleAfter) } // the time itself is what counts here
	rest()                                               // idle, but watched
	p.want("pong", "ping", nil)
	if n := w.count(`SELECT fence FROM recall_threads WHERE id = $1`, thread); n != fence {
		t.Error("a thread with a subscriber left memory")
	}
	p.Drop()

	q := u.dial() // each look wakes it; a look after it went takes a new fence
	eventually(w.ctx, t, "passivation", func() bool {
		rest()
		q.want("thread", "thread.get", fields{"thread_id": thread})
		return w.count(`SELECT fence FROM recall_threads WHERE id = $1`, thread) > fence
	})
	sub := q.subscribe(thread, epoch, seq)
	if at(sub, "recovered") != true || sub.Epoch != epoch || sub.Seq != seq {
		t.Errorf("was at %s/%d, came back as %s", epoch, seq, sub.Raw)
	}
	if n := len(q.messages(thread)); n != messages {
		t.Errorf("had %d messages, has %d", messages, n)
	}
	q.found(thread, known)
	if first := q.events(thread)[0]; first.Seq != seq+1 || first.Epoch != epoch {
		t.Errorf("went on with %s/%d", first.Epoch, first.Seq)
	}
	if n := q.remaining("recall_minute"); n != 8 {
		t.Errorf("%d of the minute remain after two", n)
	}
}
