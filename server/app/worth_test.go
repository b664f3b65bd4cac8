package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"recall/server/config"
	"recall/stress/device"
	"recall/stress/emulator/services"
)

// stats is a number of `GET /v1/stats`, 0 when it is not there.
func (w *world) stats(path string) int {
	w.t.Helper()
	_, body, _ := w.fetch(http.MethodGet, "/v1/stats", "")
	var all any
	check(w.t, json.Unmarshal([]byte(body), &all))
	n, _ := dig(all, path).(float64)
	return int(n)
}

// barred keeps the program from reading messages until release is called.
func (w *world) barred() (release func()) {
	w.t.Helper()
	tx, err := w.db.Begin(w.ctx)
	check(w.t, err)
	_, err = tx.Exec(w.ctx, `LOCK TABLE recall_messages IN ACCESS EXCLUSIVE MODE`)
	check(w.t, err)
	release = sync.OnceFunc(func() { _ = tx.Rollback(context.Background()) })
	w.t.Cleanup(release)
	return release
}

// Ten thousand requests for one page at once, from a hundred devices of its owner, the
// first of them while the page is being read (a user has 128 commands under way at a
// time; the others stand before the server): Postgres sees one query.
func TestTenThousandListsAreOneQuery(t *testing.T) {
	t.Parallel()
	const devices, each = 100, 100
	w := setup(t, patient)
	u := w.user()
	_, thread := w.past(u)
	phones := make([]*phone, devices)
	for i := range phones {
		phones[i] = u.dial()
	}
	before, queries := w.stats("operations.fetch_messages.count"), w.stats("db.queries")
	release := w.barred()
	var answers sync.WaitGroup
	for _, p := range phones {
		for range each {
			answers.Go(func() {
				if f, err := p.Do(w.ctx, "messages.list", fields{"thread_id": thread}); err != nil || len(list(f, "messages")) == 0 {
					t.Errorf("%v %s", err, f.Raw)
				}
			})
		}
	}
	w.queued(t, "relation", 1)
	release()
	answers.Wait()
	if n := w.stats("operations.fetch_messages.count") - before; n != 1 {
		t.Errorf("%d queries", n)
	}
	// As the pool's tracer sees it: the page, the waking of its thread, and what the
	// program asks for itself now and then.
	if n := w.stats("db.queries") - queries; n > 4 {
		t.Errorf("%d statements", n)
	}
	if n := w.stats("operations.fetch_messages.requests"); n < devices*each {
		t.Errorf("counted %d requests", n)
	}
}

// A recall in the middle of a conversation costs two round trips to the database:
// one when it is accepted, one when it ends.
func TestRecallCostsTwoRoundTrips(t *testing.T) {
	t.Parallel()
	const recalls, beside = 8, 2 // beside: what the program asks for itself meanwhile
	w := setup(t, nil)
	for _, kind := range []string{"text", "voice"} {
		t.Run(kind, func(t *testing.T) {
			w := w.in(t)
			p := w.user().dial()
			thread := p.thread()
			inputs := make([]fields, recalls+1)
			for i := range inputs {
				inputs[i] = fields{"kind": "text", "text": known}
				if kind == "voice" {
					stored, err := p.Upload(w.ctx, "voice", "audio/wav", services.Clip(services.KindSpeech+":"+known))
					check(t, err)
					inputs[i] = fields{"kind": "voice", "media_id": stored.ID}
				}
			}
			ask := func(input fields) {
				f := p.want("recall.accepted", "recall", fields{"thread_id": thread, "request_id": device.NewUUID(), "input": input})
				p.ending(f.RecallID)
			}
			ask(inputs[0]) // wakes the user's grain
			before := w.stats("db.queries")
			for _, input := range inputs[1:] {
				ask(input)
			}
			if n := w.stats("db.queries") - before; n > 2*recalls+beside {
				t.Errorf("%d round trips for %d recalls", n, recalls)
			}
		})
	}
}

// While callers wait too long for the database, new recalls are refused, with a time
// to come back; what was accepted before ends as it should, and then all is well.
func TestOverloadShedsNewRecallsOnly(t *testing.T) {
	t.Parallel()
	w := setup(t, func(c *config.Config) {
		patient(c)
		c.DBMaxConns, c.ShedAfter = 4, 3*time.Second // longer than a busy machine makes anybody wait
	})
	u := w.user()
	p, thread := w.past(u)
	others := w.user().dial()
	others.found(others.thread(), unknown) // wakes what would have to be read
	running, letGo := w.hold(p, thread)    // reads its past: one connection
	const more = 8                         // than there are connections
	waiting := make(chan device.Frame, more)
	for range more {
		go func() {
			f, _ := others.Do(w.ctx, "candidate.confirm", fields{"message_id": device.NewUUID()}) // checked below
			waiting <- f
		}()
	}
	eventually(w.ctx, t, "shedding", func() bool { return w.shedding() == "database" })
	refused := others.refused("unavailable", "recall", question(device.NewUUID(), device.NewUUID(), known))
	if at(refused, "retryable") != true || number(refused, "retry_after_ms") < 3000 {
		t.Errorf("refused with %s", refused.Raw)
	}
	others.await("limits behind the refusal", func(f device.Frame) bool { return f.Type == "limits" })
	letGo()
	if f := p.ending(running); f.Type != "recall.completed" {
		t.Errorf("the running recall ended with %s", f.Raw)
	}
	for range more {
		if f := <-waiting; f.Code != "not_found" {
			t.Errorf("who waited got %s", f.Raw)
		}
	}
	eventually(w.ctx, t, "the end of shedding", func() bool { return w.shedding() == "" })
	others.found(others.thread(), known)
	if n := w.stats("overload.shed"); n < 1 {
		t.Errorf("%d recalls were shed", n)
	}
}

// shedding is why new recalls are refused; empty: they are not.
func (w *world) shedding() string {
	_, body, _ := w.fetch(http.MethodGet, "/v1/stats", "")
	var all any
	check(w.t, json.Unmarshal([]byte(body), &all))
	reason, _ := dig(all, "overload.reason").(string)
	return reason
}

// long is a thread of the user's with 120 messages that the program has not seen yet.
func (u *user) long() (thread string) {
	u.w.t.Helper()
	thread = device.NewUUID()
	u.w.exec(`INSERT INTO recall_threads (id, user_id) VALUES ($1, $2)`, thread, u.id)
	u.w.exec(`SELECT insert_recall_messages_batch(ARRAY(
		SELECT jsonb_build_object('thread_id', $1::uuid, 'text', 'message ' || n) FROM generate_series(1, 120) n))`, thread)
	return thread
}

// Each optimisation spares what it is there for, and switched off it spares nothing.
func TestSwitches(t *testing.T) {
	t.Parallel()
	lists := func(w *world, _ *services.Server) int {
		p := w.user().dial()
		for range 3 {
			p.want("threads", "thread.list", nil)
		}
		return w.stats("operations.list_threads.count")
	}
	pages := func(w *world, _ *services.Server) int {
		u := w.user()
		p, thread := u.dial(), u.long()
		for range 3 {
			p.want("messages", "messages.list", fields{"thread_id": thread})
		}
		return w.stats("operations.fetch_messages.count")
	}
	answers := func(w *world, outside *services.Server) int {
		for range 3 {
			p := w.user().dial()
			p.found(p.thread(), known)
		}
		return len(outside.Log())
	}
	ahead := func(w *world, _ *services.Server) int {
		u := w.user()
		p, thread := u.dial(), u.long()
		p.want("subscribed", "thread.subscribe", fields{"thread_id": thread})
		newest := p.want("messages", "messages.list", fields{"thread_id": thread})
		if w.cfg.Prefetch {
			eventually(w.ctx, t, "loading ahead", func() bool { return w.stats("prefetched.fetch_messages") > 0 })
			return w.stats("prefetched.fetch_messages")
		}
		p.want("messages", "messages.list", fields{"thread_id": thread, "before_seq": at(newest, "messages.0.seq")})
		return w.stats("prefetched.fetch_messages")
	}
	groups := func(w *world, _ *services.Server) int {
		p := w.user().dial()
		p.found(p.thread(), known)
		return min(w.stats("db.groups"), 1)
	}
	for name, c := range map[string]struct {
		change  func(c *config.Config, on bool)
		count   func(*world, *services.Server) int
		on, off int
	}{
		"thread cache":  {func(c *config.Config, on bool) { c.ThreadCache = on }, lists, 1, 3},
		"message cache": {func(c *config.Config, on bool) { c.MessageCache = on }, pages, 1, 3},
		"answer cache":  {func(c *config.Config, on bool) { c.AnswerCache = on }, answers, 1, 3},
		"batching":      {func(c *config.Config, on bool) { c.Batching = on }, groups, 1, 0},
		"prefetch":      {func(c *config.Config, on bool) { c.Prefetch, c.Debounce = on, true }, ahead, 1, 0},
	} {
		for _, on := range []bool{true, false} {
			want := map[bool]int{true: c.on, false: c.off}[on]
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				outside, err := services.Start(t.Context(), services.Options{TokensPerSecond: -1})
				check(t, err)
				t.Cleanup(outside.Close)
				w := setup(t, func(cfg *config.Config) {
					cfg.OpenAIURL, cfg.OpenAIKey = outside.OpenAI, outside.Keys.OpenAI
					cfg.Debounce, cfg.Prefetch = false, false // one thing at a time
					c.change(cfg, on)
				})
				if got := c.count(w, outside); got != want {
					t.Errorf("on: %v: counted %d, want %d", on, got, want)
				}
			})
		}
	}
}

// Two devices ask for one page while it is read: one query, or, without the
// optimisation, two.
func TestSwitchOfCoalescing(t *testing.T) {
	t.Parallel()
	for _, on := range []bool{true, false} {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			w := setup(t, func(c *config.Config) {
				patient(c)
				c.Coalescing, c.MessageCache, c.Debounce, c.Prefetch = on, false, false, false
			})
			u := w.user()
			thread := u.long()
			phones := []*phone{u.dial(), u.dial()}
			phones[0].want("subscribed", "thread.subscribe", fields{"thread_id": thread})
			release := w.barred()
			var answers sync.WaitGroup
			for _, p := range phones {
				answers.Go(func() {
					if f, err := p.Do(w.ctx, "messages.list", fields{"thread_id": thread}); err != nil || f.Type != "messages" {
						t.Errorf("%v %s", err, f.Raw)
					}
				})
			}
			if on {
				eventually(w.ctx, t, "joining", func() bool { return w.stats("coalesced.fetch_messages") == 1 })
			} else {
				w.queued(t, "relation", 2)
			}
			release()
			answers.Wait()
			if n, want := w.stats("operations.fetch_messages.count"), map[bool]int{true: 1, false: 2}[on]; n != want {
				t.Errorf("on: %v: %d queries", on, n)
			}
		})
	}
}

// One device asks again and again for a page while it is read. What comes within a
// moment of the one before needs no query, or, without the optimisation (and those
// that would stand in for it), each has its own.
func TestSwitchOfDebounce(t *testing.T) {
	t.Parallel()
	const times = 10
	for _, on := range []bool{true, false} {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			w := setup(t, func(c *config.Config) {
				patient(c)
				c.Debounce, c.Coalescing, c.MessageCache, c.Prefetch = on, false, false, false
			})
			u := w.user()
			p, thread := u.dial(), u.long()
			p.want("subscribed", "thread.subscribe", fields{"thread_id": thread})
			release := w.barred()
			ask := fmt.Sprintf(`{"type":"messages.list","thread_id":%q}`, thread)
			for range times {
				check(t, p.Send(w.ctx, []byte(ask)))
			}
			w.queued(t, "relation", 1)
			release()
			eventually(w.ctx, t, "all answers", func() bool { return p.heard("messages") == times })
			queries, spared := w.stats("operations.fetch_messages.count"), w.stats("debounced.fetch_messages")
			if queries+spared != times || (spared > 0) != on {
				t.Errorf("on: %v: %d queries, %d spared", on, queries, spared)
			}
		})
	}
}

// heard is how many frames of a type have come.
func (p *phone) heard(kind string) (n int) {
	for _, f := range p.Frames() {
		if f.Type == kind {
			n++
		}
	}
	return n
}
