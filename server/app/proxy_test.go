package app_test

import (
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"recall/persistence/pgtest"
	"recall/server/config"
	"recall/stress/device"
	"recall/wire"
)

// lossy stands between the program and Postgres and can lose an answer.
type lossy struct {
	net.Listener
	target string // Postgres's socket
	lose   atomic.Bool
	lost   atomic.Int64
	conns  sync.WaitGroup
}

// lossyDatabase is a fresh database and the way to it through a proxy.
func lossyDatabase(t *testing.T) (direct, through string, l *lossy) {
	t.Helper()
	direct = pgtest.New(t)
	c, err := pgx.ParseConfig(direct)
	check(t, err)
	l = &lossy{target: filepath.Join(c.Host, ".s.PGSQL."+strconv.Itoa(int(c.Port)))}
	l.Listener, err = net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	l.conns.Go(l.accept)
	t.Cleanup(func() {
		_ = l.Close()
		l.conns.Wait()
	})
	return direct, fmt.Sprintf("postgres://%s@%s/%s?sslmode=disable", c.User, l.Addr(), c.Database), l
}

func (l *lossy) accept() {
	for {
		client, err := l.Accept()
		if err != nil {
			return
		}
		l.conns.Go(func() { l.serve(client) })
	}
}

func (l *lossy) serve(client net.Conn) {
	server, err := net.Dial("unix", l.target)
	if err != nil {
		_ = client.Close()
		return
	}
	l.conns.Go(func() {
		_, _ = io.Copy(server, client)
		_ = server.Close()
	})
	l.answer(client, server)
	_ = client.Close()
	_ = server.Close()
}

// answer passes on what Postgres says, until an answer to an executed statement
// (it begins with BindComplete, '2') is to be lost, and the connection with it.
func (l *lossy) answer(client, server net.Conn) {
	buf := make([]byte, 64<<10)
	for {
		n, err := server.Read(buf)
		if n > 0 && buf[0] == '2' && l.lose.CompareAndSwap(true, false) {
			l.lost.Add(1)
			return
		}
		if n > 0 {
			_, _ = client.Write(buf[:n])
		}
		if err != nil {
			return
		}
	}
}

// The network fails just when Postgres has stored a change and says so. Whatever
// the client was told, what it is told afterwards is what is stored.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	direct, through, proxy := lossyDatabase(t)
	w := on(t, direct, func(c *config.Config) { c.DatabaseURL = through; withSecret(c) })
	id := wire.NewID()
	u := &user{w, id.String(), sign(t, secret, id, time.Hour)}
	thread := u.dial().thread()
	title := func() (stored string) {
		w.row(`SELECT title FROM recall_threads WHERE id = $1`, []any{thread}, &stored)
		return stored
	}
	for i := range 4 {
		lost, kept := fmt.Sprintf("Lost %d", i), fmt.Sprintf("Kept %d", i)
		p := u.dial() // anew, since one may be sent away
		proxy.lose.Store(true)
		said := p.do("thread.update", fields{"thread_id": thread, "title": lost})
		if said.Type == "thread" && title() != lost || said.Type == "error" && said.Code != "unavailable" {
			t.Errorf("said %s, and %q is stored", said.Raw, title())
		}
		w.insist(u, "thread", "thread.update", fields{"thread_id": thread, "title": kept})
		if title() != kept {
			t.Errorf("%q was acknowledged, %q is stored", kept, title())
		}
		request := device.NewUUID()
		p = u.dial()
		proxy.lose.Store(true)
		if said := p.do("recall", question(thread, request, unknown)); said.Type == "error" && said.Code != "unavailable" {
			t.Errorf("said %s", said.Raw)
		}
		again := w.insist(u, "recall.accepted", "recall", question(thread, request, unknown))
		eventually(w.ctx, t, "the end", func() bool {
			return w.count(`SELECT count(*) FROM recalls WHERE id = $1 AND state <> 'open'`, again.RecallID) == 1
		})
		if n := w.count(`SELECT count(*) FROM recalls WHERE request_id = $1`, request); n != 1 {
			t.Errorf("%d recalls for one request", n)
		}
	}
	if n := u.dial().remaining("recall_minute"); n != 6 {
		t.Errorf("%d of the minute remain after four recalls", n)
	}
	if proxy.lost.Load() < 8 {
		t.Errorf("only %d answers were lost", proxy.lost.Load())
	}
	w.ended()
}

// insist repeats a command, on a new connection each time, until it is served.
func (w *world) insist(u *user, reply, kind string, f fields) (got device.Frame) {
	w.t.Helper()
	eventually(w.ctx, w.t, kind, func() bool {
		got = u.dial().do(kind, f)
		return got.Type == reply
	})
	return got
}
