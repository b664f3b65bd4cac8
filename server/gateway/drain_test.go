package gateway

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/coder/websocket"

	"recall/actors/session"
	"recall/wire"
)

func TestDrain(t *testing.T) {
	w := start(t, nil)
	a, pa := w.connect()
	b, pb := w.connect()
	w.g.Drain()
	if !w.g.Draining() {
		t.Error("does not drain")
	}
	_, resp, err := w.dial(nil)
	checkRefusal(t, "draining", resp, err, http.StatusServiceUnavailable, wire.CodeUnavailable)
	if resp.header.Get("Retry-After") == "" {
		t.Error("nobody is told when to come back")
	}
	a.send(`{"type":"ping","id":"still here"}`) // those who are there go on
	next[*session.Received](t, pa).Done()
	done := make(chan struct{})
	go func() { w.g.Close(context.Background()); close(done) }()
	for _, c := range []*client{a, b} {
		if f := c.ends(wire.CloseRestart); !f.Reconnect || f.RetryAfterMS < 0 || f.RetryAfterMS >= 3000 {
			t.Errorf("%+v", f)
		}
	}
	<-done
	for _, p := range []*peer{pa, pb} {
		next[*session.Leave](t, p)
		next[*session.Gone](t, p)
	}
	if n := w.g.Connections(); n != 0 {
		t.Errorf("%d connections are left", n)
	}
}

func TestCloseWithNobody(t *testing.T) {
	w := start(t, nil)
	w.g.Close(t.Context())
	w.g.Close(t.Context())
}

func TestRegistryUsers(t *testing.T) {
	t.Parallel()
	r := newRegistry(10, 2, 1)
	a, b := wire.NewID(), wire.NewID()
	one, two := r.admitUser(a), r.admitUser(a)
	if one == nil || one != two || r.admitUser(a) != nil || r.admitUser(b) == nil {
		t.Error("two connections of one user share their places, a third is refused, another user is not")
	}
	r.leaveUser(a)
	if r.admitUser(a) == nil {
		t.Error("the free place is not given")
	}
	for _, id := range []wire.ID{a, a, b} {
		r.leaveUser(id)
	}
	if len(r.users) != 0 {
		t.Errorf("users who have left are remembered: %v", r.users)
	}
}

func TestRegistryBounds(t *testing.T) {
	t.Parallel()
	r := newRegistry(1, 1, 1)
	a, b := &conn{}, &conn{}
	if r.full() || !r.add(a) || !r.full() || r.add(b) || r.count() != 1 {
		t.Error("one connection is the most")
	}
	r.remove(b) // was never in
	if all := r.close(); len(all) != 1 || all[0] != a || r.add(b) {
		t.Error("takes connections after its end")
	}
	select {
	case <-r.empty:
		t.Error("not empty yet")
	default:
	}
	r.remove(a)
	<-r.empty
	r.remove(a)
}

// The last place can go between the handshake's begin and its end.
func TestTurnedAwayAfterTheHandshake(t *testing.T) {
	w := start(t, nil)
	accepted, left := make(chan struct{}), make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		c := w.g.newConn(func() { close(left) })
		ws, err := websocket.Accept(lean{rw, c}, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		w.g.registry.close()
		w.g.open(c, ws, nil)
		close(accepted)
	}))
	defer srv.Close()
	ws, _, err := websocket.Dial(w.context(), srv.URL, &websocket.DialOptions{HTTPClient: srv.Client()}) //nolint:bodyclose // never needed
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ws.CloseNow() }()
	c := &client{w: w, ws: ws, ctx: w.context()}
	if f := c.ends(wire.CloseOverload); !f.Reconnect || f.RetryAfterMS <= 0 {
		t.Errorf("%+v", f)
	}
	<-accepted
	<-left // the place of its address
	if len(w.peers) != 0 || w.g.Connections() != 0 {
		t.Error("a session was made for it")
	}
}

// TestUserShares: the connections of one user have their commands under way in
// common, so that many of them are no more than a few.
func TestUserShares(t *testing.T) {
	t.Parallel()
	user := &member{places: make(chan struct{}, 1)}
	ctx, cancel := context.WithCancel(t.Context())
	one := &conn{g: &Gateway{now: time.Now}, ctx: ctx, places: make(chan struct{}, 4)}
	other := &conn{g: &Gateway{now: time.Now}, ctx: ctx, places: make(chan struct{}, 4)}
	one.member.Store(user)
	other.member.Store(user)
	done := one.place()
	second := make(chan func())
	go func() { second <- other.place() }()
	select {
	case <-second:
		t.Error("the user had two commands under way")
	default:
	}
	done()
	if done = <-second; done == nil {
		t.Fatal("the place that came back was not given")
	}
	go func() { second <- one.place() }()
	cancel()
	if <-second != nil {
		t.Error("a connection that has ended got a place")
	}
	if len(one.places) != 0 {
		t.Error("it kept one of its own")
	}
}
