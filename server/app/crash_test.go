package app_test

import (
	"context"
	"testing"

	"recall/persistence/pgtest"
	"recall/stress/device"
)

// ended holds the database against promise 1: each recall has its one end, and
// no number of a thread was given twice.
func (w *world) ended() {
	w.t.Helper()
	if n := w.count(`SELECT count(*) FROM recalls WHERE state = 'open' OR terminal IS NULL`); n != 0 {
		w.t.Errorf("%d recalls have no terminal event", n)
	}
	if n := w.count(`SELECT count(*) FROM (SELECT FROM recalls GROUP BY thread_id, terminal_seq HAVING count(*) > 1) twice`); n != 0 {
		w.t.Errorf("%d numbers were given to several terminal events", n)
	}
	if n := w.count(`SELECT count(*) FROM recall_messages WHERE seq IS NULL`); n != 0 {
		w.t.Errorf("%d messages have no number", n)
	}
}

// A program that dies in the middle of a recall leaves it to the next one, which
// ends it without being asked; a client that resumes sees one end.
func TestCrashInMidRecall(t *testing.T) {
	t.Parallel()
	w := setup(t, patient)
	u := w.user()
	p := u.dial()
	thread := p.thread()
	p.found(thread, known)
	open := w.shut("UPDATE")
	id := p.ask(thread, unknown)
	w.queued(t, "advisory", 1)
	epoch, seq := p.Place(thread)
	w.proc.kill()
	w.exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND application_name = 'recall'`) // their owner is dead
	open()
	w.start()
	eventually(w.ctx, t, "the end", func() bool {
		return w.count(`SELECT count(*) FROM recalls WHERE id = $1 AND state <> 'open'`, id) == 1
	})
	w.ended()
	back := u.dial()
	sub := back.subscribe(thread, epoch, seq)
	if sub.Epoch == epoch || at(sub, "recovered") != false {
		t.Errorf("events were lost, and came back to %s (was %s/%d)", sub.Raw, epoch, seq)
	}
	again := back.want("recall.accepted", "recall", question(thread, device.NewUUID(), unknown))
	back.ending(again.RecallID)
	if n := w.count(`SELECT count(*) FROM recall_messages WHERE recall_id = $1 AND role = 'user'`, id); n != 1 {
		t.Errorf("the question is stored %d times", n)
	}
}

// The same for recalls that only a row tells of, some of them long over time,
// with a client that was there before the thread woke.
func TestOpenRecallsOfBefore(t *testing.T) {
	t.Parallel()
	w := setup(t, patient)
	u := w.user()
	p := u.dial()
	thread := p.thread()
	p.found(thread, known)
	w.proc.stop()
	w.exec(`INSERT INTO recalls (id, thread_id, user_id, request_id, message_id, input, accepted_at)
		SELECT gen_random_uuid(), thread_id, user_id, gen_random_uuid(), message_id, input, now() - make_interval(mins => i)
		FROM recalls, generate_series(0, 2) i`)
	w.start()
	eventually(w.ctx, t, "the ends", func() bool { return w.count(`SELECT count(*) FROM recalls WHERE state = 'open'`) == 0 })
	w.ended()
	for state, want := range map[string]int{"expired": 2} {
		if n := w.count(`SELECT count(*) FROM recalls WHERE state = $1`, state); n != want {
			t.Errorf("%d recalls are %s, want %d", n, state, want)
		}
	}
	back := u.dial()
	if n := back.remaining("recall_minute"); n < 8 {
		t.Errorf("%d of the minute remain", n)
	}
	back.found(thread, known)
}

// Postgres goes away and comes back under use: `unavailable` meanwhile, nothing
// that was acknowledged is lost, and the recall that was under way ends.
func TestOutage(t *testing.T) {
	t.Parallel()
	server := pgtest.Server(t)
	w := on(t, server.URL(), nil)
	u := w.user()
	p := u.dial()
	thread, quiet := p.thread(), p.thread()
	p.found(quiet, known)
	shown := len(p.messages(quiet))
	w.shut("UPDATE")
	id := p.ask(thread, known)
	w.queued(t, "advisory", 1)
	w.db.Reset()
	// At once: in a stop in order the gate's session would go before the commit's,
	// which would so get through.
	hurry, cancel := context.WithCancel(w.ctx)
	cancel()
	_ = server.Stop(hurry) // it says that it had to hurry

	f := p.refused("unavailable", "thread.update", fields{"thread_id": quiet, "title": "Lost"})
	if at(f, "retryable") != true {
		t.Errorf("refused with %s", f.Raw)
	}
	p.refused("unavailable", "recall", question(quiet, device.NewUUID(), known))
	p.refused("unavailable", "stash.list", nil)
	p.want("pong", "ping", nil)
	if n := len(p.messages(quiet)); n != shown {
		t.Errorf("the cache shows %d messages of %d", n, shown)
	}
	token, _, err := device.Token(w.ctx, w.url, "") // of somebody who is not known yet
	check(t, err)
	if bye := w.dial(device.Options{Token: token}).farewell(1013); at(bye, "reconnect") != true {
		t.Errorf("goodbye is %s", bye.Raw)
	}
	eventually(w.ctx, t, "readyz to say so", func() bool { return w.ready() == 503 })
	for _, e := range p.events(thread) {
		if e.IsTerminal() {
			t.Errorf("ended while the database was away: %s", e.Raw)
		}
	}

	pgtest.Restart(t, server)
	if end := p.ending(id); end.Type != "recall.completed" {
		t.Errorf("ended with %s", end.Raw)
	}
	eventually(w.ctx, t, "ready again", func() bool { return w.ready() == 200 })
	eventually(w.ctx, t, "the thread again", func() bool {
		return p.do("thread.update", fields{"thread_id": quiet, "title": "Kept"}).Type == "thread"
	})
	p.found(quiet, unknown)
	w.ended()
	if n := w.count(`SELECT count(*) FROM recall_messages WHERE thread_id = $1`, quiet); n <= shown {
		t.Errorf("%d messages are left", n)
	}
	w.proc.stop() // while there is a database: without one it would drain in vain
}
