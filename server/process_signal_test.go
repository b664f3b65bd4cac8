package main

import (
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"recall/server/auth"
	"recall/stress/device"
	"recall/wire"
)

// phone is a connected app with a thread and a recall that cannot end yet.
type phone struct {
	*device.Device
	token, thread, recall string
	conn                  *pgx.Conn // holds the recall
}

func (r *running) dial(token string) *device.Device {
	r.t.Helper()
	d, err := device.Dial(r.ctx, strings.Replace(r.url, "http", "ws", 1), device.Options{Token: token})
	check(r.t, err)
	r.t.Cleanup(d.Drop)
	return d
}

// hold asks and stops the recall before its terminal event is stored. Nobody else
// may write the table of recalls: first before the question, and then, next in
// line behind it, again.
func (r *running) hold() *phone {
	r.t.Helper()
	secret, err := auth.DevSecret(r.dir)
	check(r.t, err)
	token, _, err := auth.Issue(secret, wire.NewID(), time.Hour)
	check(r.t, err)
	p := &phone{Device: r.dial(token), token: token}
	p.thread, err = p.NewThread(r.ctx)
	check(r.t, err)

	const lock = `BEGIN; LOCK TABLE recalls IN SHARE MODE`
	before, watch := r.database(), r.database()
	p.conn = r.database()
	_, err = before.Exec(r.ctx, lock)
	check(r.t, err)
	accepted, locked := make(chan error, 1), make(chan error, 1)
	go func() {
		var err error
		p.recall, err = p.Ask(r.ctx, p.thread, "Bohemian Rhapsody by Queen")
		accepted <- err
	}()
	queued := func(n int) {
		eventually(r.ctx, r.t, "the queue at the table", func() bool {
			return count(r.ctx, r.t, watch, `SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'recalls'::regclass`) == n
		})
	}
	queued(1)
	go func() {
		_, err := p.conn.Exec(r.ctx, lock)
		locked <- err
	}()
	queued(2)
	check(r.t, before.Close(r.ctx))
	check(r.t, <-accepted)
	check(r.t, <-locked)
	return p
}

// recovered starts the program again after it died in the middle of p's recall,
// which then ends once, in the database and for a client that comes back.
func recovered(t *testing.T, bin string, dead *running, p *phone) {
	t.Helper()
	r := launch(t, bin, dead.dir)
	conn := r.database()
	eventually(r.ctx, t, "the end of the recall", func() bool {
		return count(r.ctx, t, conn, `SELECT count(*) FROM recalls WHERE id = $1 AND state <> 'open' AND terminal IS NOT NULL`, p.recall) == 1
	})
	d := r.dial(p.token)
	epoch, seq := p.Place(p.thread)
	sub, err := d.Do(r.ctx, "thread.subscribe", device.Fields{"thread_id": p.thread, "epoch": epoch, "after_seq": seq})
	check(t, err)
	// Nearly always the numbering is a new one, as the recall was found open. But while
	// Postgres ends, the one who holds the table may go a moment before the dead program's
	// last statement does, which is then carried out: what is stored goes on, and what was
	// told beside it is lost all the same.
	var told struct{ Recovered bool }
	check(t, sub.Into(&told))
	if sub.Type != "subscribed" || told.Recovered {
		t.Errorf("events were lost, and came back to %s (was %s/%d)", sub.Raw, epoch, seq)
	}
	again, err := d.Ask(r.ctx, p.thread, "qzxv wjkq")
	check(t, err)
	_, err = d.Ending(r.ctx, again)
	check(t, err)
	for _, f := range append(p.Frames(), d.Frames()...) {
		if f.RecallID == p.recall && f.IsTerminal() {
			t.Errorf("the end of the first recall came as %s", f.Raw)
		}
	}
	for _, fault := range append(p.Faults(), d.Faults()...) {
		t.Error(fault)
	}
	if n := count(r.ctx, t, conn, `SELECT count(*) FROM recall_messages WHERE recall_id = $1 AND role = 'user'`, p.recall); n != 1 {
		t.Errorf("the question is stored %d times", n)
	}
	d.Drop()
	check(t, r.cmd.Process.Signal(syscall.SIGTERM))
	if state := r.end(); state.ExitCode() != 0 {
		t.Errorf("ended with %s\n%s", state, r.said())
	}
}

func killed(t *testing.T, bin string) {
	r := launch(t, bin, dataDir(t))
	p := r.hold()
	check(t, r.cmd.Process.Kill())
	r.end()
	recovered(t, bin, r, p)
}

// A second SIGTERM is from somebody who does not want to wait.
func terminatedTwice(t *testing.T, bin string) {
	r := launch(t, bin, dataDir(t))
	p := r.hold()
	check(t, r.cmd.Process.Signal(syscall.SIGTERM))
	eventually(r.ctx, t, "the drain", func() bool { return r.ready() == http.StatusServiceUnavailable })
	check(t, r.cmd.Process.Signal(syscall.SIGTERM))
	if state := r.end(); state.Success() {
		t.Errorf("ended with %s", state)
	}
	recovered(t, bin, r, p)
}

func terminated(t *testing.T, bin string) {
	r := launch(t, bin, dataDir(t))
	p := r.hold()
	if status := r.ready(); status != http.StatusOK {
		t.Errorf("ready says %d", status)
	}
	check(t, r.cmd.Process.Signal(syscall.SIGTERM))
	eventually(r.ctx, t, "the drain", func() bool { return r.ready() == http.StatusServiceUnavailable })
	check(t, p.conn.Close(r.ctx))
	end, err := p.Ending(r.ctx, p.recall)
	check(t, err)
	if end.Type != "recall.completed" {
		t.Errorf("ended with %s", end.Raw)
	}
	_, err = p.Await(r.ctx, func(f device.Frame) bool { return f.Type == "goodbye" && f.Code == 1012.0 })
	check(t, err)
	if code, err := p.Closed(r.ctx); err != nil || code != 1012 {
		t.Errorf("closed with %d, %v", code, err)
	}
	if state := r.end(); state.ExitCode() != 0 {
		t.Errorf("ended with %s\n%s", state, r.said())
	}
}

// Ctrl-C reaches the whole group, and Postgres must not hear it first.
func interrupted(t *testing.T, bin string) {
	r := launch(t, bin, dataDir(t))
	p := r.hold()
	check(t, syscall.Kill(-r.cmd.Process.Pid, syscall.SIGINT))
	eventually(r.ctx, t, "the drain", func() bool { return r.ready() == http.StatusServiceUnavailable })
	check(t, p.conn.Close(r.ctx))
	if _, err := p.Ending(r.ctx, p.recall); err != nil {
		t.Error(err)
	}
	if state := r.end(); state.ExitCode() != 0 {
		t.Errorf("ended with %s\n%s", state, r.said())
	}
	if strings.Contains(r.said(), `"level":"ERROR"`) {
		t.Errorf("it said %s", r.said())
	}
	if _, err := os.Stat(r.dir + "/postgres/data/postmaster.pid"); err == nil {
		t.Error("Postgres did not end in order")
	}
}
