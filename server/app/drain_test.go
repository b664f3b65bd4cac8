package app_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"recall/server/config"
	"recall/stress/device"
)

// A stop is a drain: not ready at once, no new recalls, the running one ends, and
// then every client is sent away with an invitation to come back.
func TestDrain(t *testing.T) {
	t.Parallel()
	w := setup(t, patient)
	u := w.user()
	p := u.dial()
	thread := p.thread()
	open := w.shut("UPDATE")
	id := p.ask(thread, known)
	if w.ready() != 200 {
		t.Error("not ready before the drain")
	}
	w.proc.ask()
	eventually(w.ctx, t, "readyz to turn", func() bool { return w.ready() == 503 })
	f := p.refused("unavailable", "recall", question(p.thread(), device.NewUUID(), known))
	if at(f, "retryable") != true {
		t.Errorf("refused with %s", f.Raw)
	}
	if _, err := device.Dial(w.ctx, "ws"+w.url[len("http"):], device.Options{Token: u.token}); err == nil {
		t.Error("a draining server took a new connection")
	}
	p.want("thread", "thread.get", fields{"thread_id": thread}) // all else goes on
	open()
	if end := p.ending(id); end.Type != "recall.completed" {
		t.Errorf("ended with %s", end.Raw)
	}
	if bye := p.farewell(1012); at(bye, "reconnect") != true {
		t.Errorf("goodbye is %s", bye.Raw)
	}
	w.proc.stop()
	w.ended()
}

// A recall that does not end in time is left to the next start.
func TestDrainGivesUp(t *testing.T) {
	t.Parallel()
	w := setup(t, func(c *config.Config) { c.DrainTimeout = 100 * time.Millisecond })
	u := w.user()
	p := u.dial()
	thread := p.thread()
	open := w.shut("UPDATE")
	id := p.ask(thread, known)
	w.queued(t, "advisory", 1)
	w.proc.ask()
	p.farewell(1012)
	w.proc.stop()
	open()
	if n := w.count(`SELECT count(*) FROM recalls WHERE state = 'open'`); n != 1 {
		t.Fatalf("%d recalls are open", n)
	}
	w.start()
	eventually(w.ctx, t, "the end", func() bool {
		return w.count(`SELECT count(*) FROM recalls WHERE id = $1 AND state <> 'open'`, id) == 1
	})
	w.ended()
}

// Nor is one that waits for an outside service ended with the little that is there: the
// next start asks again.
func TestDrainLeavesCallsToTheNextStart(t *testing.T) {
	t.Parallel()
	asked, gone := make(chan struct{}, 100), make(chan struct{})
	model := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // a server that has read everything sees that the client leaves
		asked <- struct{}{}
		select {
		case <-r.Context().Done():
		case <-gone:
		}
	}))
	t.Cleanup(func() { close(gone); model.Close() })
	w := setup(t, func(c *config.Config) {
		c.DrainTimeout, c.OpenAIURL, c.StreamIdle = 100*time.Millisecond, model.URL, 50*time.Second
		c.ShazamKey, c.AudDToken, c.LyricsURL = "key", "token", model.URL // stopped after it, which takes time
	})
	const many = 10 // what should not happen would be a race
	for i := range many {
		p := w.user().dial()
		p.ask(p.thread(), fmt.Sprint(known, i))
	}
	for range many {
		<-asked
	}
	w.proc.stop()
	if n := w.count(`SELECT count(*) FROM recalls WHERE state = 'open'`); n != many {
		t.Errorf("%d of %d recalls are open: the others were ended by the stop of the services", n, many)
	}
}
