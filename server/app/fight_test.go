package app_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"recall/persistence/pgtest"
	"recall/server/auth"
	"recall/server/config"
	"recall/stress/device"
	"recall/wire"
)

// Two programs on one database both believe they own a thread. The one that
// came later does; the other's clients are sent away (1012) as soon as it tries
// to write.
func TestTwoProgramsOneThread(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	a, b := on(t, database, withSecret), on(t, database, withSecret)
	id := wire.NewID()
	token := sign(t, secret, id, time.Hour)
	pa, pb := (&user{a, id.String(), token}).dial(), (&user{b, id.String(), token}).dial()
	thread := pa.thread()
	pa.found(thread, known)
	epoch, seq := pa.Place(thread)

	if sub := pb.subscribe(thread, epoch, seq); sub.Epoch != epoch || sub.Seq != seq {
		t.Errorf("the second one says %s, the first was at %s/%d", sub.Raw, epoch, seq)
	}
	pb.want("thread", "thread.update", fields{"thread_id": thread, "title": "From b"})
	pa.refused("unavailable", "thread.update", fields{"thread_id": thread, "title": "From a"})
	pa.farewell(1012)
	got := pb.want("thread", "thread.get", fields{"thread_id": thread})
	if text(got, "thread.title") != "From b" {
		t.Errorf("the thread is %s", got.Raw)
	}
	pb.found(thread, unknown)
	b.ended()
}

// The second program takes the thread over while the first has a recall open in
// it: one of them ends it, and the client of the other is sent away or has seen
// that end.
func TestTakenOverInMidRecall(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	both := func(c *config.Config) { withSecret(c); patient(c) }
	a := on(t, database, both)
	// The leading program looks for open recalls now and then. Were it the second one, it
	// might take the thread at any moment.
	eventually(a.ctx, t, "the first one to lead", func() bool {
		return a.count(`SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database
			WHERE locktype = 'advisory' AND granted AND datname = current_database()`) > 0
	})
	b := on(t, database, both)
	id := wire.NewID()
	token := sign(t, secret, id, time.Hour)
	pa, pb := (&user{a, id.String(), token}).dial(), (&user{b, id.String(), token}).dial()
	thread := pa.thread()
	pa.found(thread, known)
	open := a.shut("INSERT")
	go func() { _, _ = pa.Do(a.ctx, "recall", question(thread, device.NewUUID(), unknown)) }() // its row tells the rest
	a.queued(t, "advisory", 1)
	go func() { _, _ = pb.Do(b.ctx, "thread.subscribe", fields{"thread_id": thread}) }()
	a.queued(t, "transactionid", 1) // the second one waits for the row that the first one writes
	open()

	recall := accepted(pa, 2)[1]
	eventually(a.ctx, t, "the end", func() bool {
		return a.count(`SELECT count(*) FROM recalls WHERE id = $1 AND state <> 'open'`, recall) == 1
	})
	a.ended()
	end := func(f device.Frame) bool { return f.RecallID == recall && f.IsTerminal() }
	last := pa.await("the end or a goodbye", func(f device.Frame) bool { return end(f) || f.Type == "goodbye" })
	if last.Type == "goodbye" {
		pa.farewell(1012)
		pb.await("the end", end)
	}
	pb.found(thread, known)
	a.ended()
}

// Devices of one user ask through both programs at the same time, coming back
// whenever they are sent away. Each request ends with one recall and one end.
func TestTwoProgramsFight(t *testing.T) {
	t.Parallel()
	const devices, questions = 4, 6
	limits := func(c *config.Config) { withSecret(c); c.RecallsPerMinute, c.RecallsAtOnce = 1000, 100 }
	database := pgtest.New(t)
	worlds := []*world{on(t, database, limits), on(t, database, limits)}
	id := wire.NewID()
	token, _, err := auth.Issue([]byte(secret), id, time.Hour)
	check(t, err)
	thread := (&user{worlds[0], id.String(), token}).dial().thread()
	var all sync.WaitGroup
	for i := range devices {
		all.Go(func() {
			w := worlds[i%2]
			f := &fighter{ctx: w.ctx, url: "ws" + w.url[len("http"):], token: token}
			defer f.leave()
			for range questions {
				if err := f.insist(thread, device.NewUUID()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	w := worlds[0]
	eventually(w.ctx, t, "all ends", func() bool { return w.count(`SELECT count(*) FROM recalls WHERE state = 'open'`) == 0 })
	w.ended()
	if n := w.count(`SELECT count(*) FROM recalls`); n != devices*questions {
		t.Errorf("%d recalls for %d requests", n, devices*questions)
	}
	if n := w.count(`SELECT count(*) FROM recall_messages WHERE role = 'user'`); n != devices*questions {
		t.Errorf("%d questions are stored for %d requests", n, devices*questions)
	}
}

// fighter is an app that does not give up.
type fighter struct {
	ctx        context.Context
	url, token string
	d          *device.Device
}

// insist repeats one request until it is accepted.
func (f *fighter) insist(thread, request string) error {
	for {
		if err := f.ctx.Err(); err != nil {
			return err
		}
		if f.d == nil {
			d, err := device.Dial(f.ctx, f.url, device.Options{Token: f.token})
			if err != nil {
				return err
			}
			f.d = d
		}
		reply, err := f.d.Do(f.ctx, "recall", question(thread, request, known))
		switch {
		case err != nil: // sent away
			f.leave()
		case reply.Type == "recall.accepted":
			return nil
		}
	}
}

func (f *fighter) leave() {
	if f.d != nil {
		f.d.Drop()
		f.d = nil
	}
}
