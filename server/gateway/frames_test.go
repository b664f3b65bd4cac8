package gateway

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"recall/actors/session"
	"recall/wire"
)

func padded(size int) string {
	const head, tail = `{"type":"ping","id":"p","x":"`, `"}`
	return head + strings.Repeat("a", size-len(head)-len(tail)) + tail
}

func TestTextFrameLimit(t *testing.T) {
	w := start(t, nil)
	c, p := w.connect()
	c.send(padded(64 << 10))
	if m := next[*session.Received](t, p); m.ID != "p" || m.Fault != nil {
		t.Errorf("%+v", m)
	}
	c.send(padded(64<<10 + 1))
	if f := c.ends(wire.CloseTooLarge); f.Reconnect {
		t.Error("the client is invited to send it again")
	}
	next[*session.Gone](t, p)
}

func TestFaultsReachTheSession(t *testing.T) {
	w := start(t, nil)
	c, p := w.connect()
	for text, code := range map[string]wire.Code{
		"{": wire.CodeBadRequest, "": wire.CodeBadRequest, "{\"type\":\"\xff\"}": wire.CodeBadRequest, `{"type":"dance"}`: wire.CodeUnknownType,
	} {
		c.send(text)
		m := next[*session.Received](t, p)
		if m.Fault == nil || m.Fault.Code != code {
			t.Errorf("%q: %+v", text, m)
		}
		m.Done()
	}
}

func TestFlood(t *testing.T) {
	w := start(t, func(c *Config) { c.FrameBurst, c.FramesPerSecond = 3, 2 })
	w.now = time.Unix(1000, 0)
	c, p := w.connect()
	for i := range 3 {
		c.send(fmt.Sprintf(`{"type":"ping","id":"%d"}`, i))
		next[*session.Received](t, p).Done()
	}
	for _, text := range []string{`{"type":"ping","id":"4"}`, `{"type":"ping","id":"5"}`} {
		c.send(text)
		f := c.read()
		if f.Code != "rate_limited" || f.Policy != "frames" || f.RetryAfterMS != 500 || !strings.Contains(text, f.ID) || f.ID == "" {
			t.Errorf("%+v", f)
		}
	}
	if err := c.ws.Write(c.ctx, websocket.MessageBinary, []byte("x")); err != nil { // counts as well
		t.Fatal(err)
	}
	if f := c.read(); f.Code != "rate_limited" {
		t.Errorf("%+v", f)
	}
	w.later(500 * time.Millisecond) // who obeys is heard
	c.send(`{"type":"ping","id":"6"}`)
	if m := next[*session.Received](t, p); m.ID != "6" {
		t.Errorf("%+v", m)
	}
}

// The reader waits for a place, and the client is not taken for dead meanwhile:
// its pongs lie unread.
func TestNoPlaceIsNoSilence(t *testing.T) {
	w := start(t, func(c *Config) { c.InFlight, c.PongTimeout = 1, time.Millisecond })
	c, p := w.connect()
	go func() { _, _, _ = c.ws.Read(c.ctx) }() // answers pings
	c.send(`{"type":"ping","id":"1"}`)
	first := next[*session.Received](t, p)
	for len(w.looks) > 0 {
		<-w.looks
	}
	c.send(`{"type":"ping","id":"2"}`)
	<-w.looks // the frame has come
	<-w.looks // and is being handled: the reader is held
	for range 20 {
		p.Conn.(*conn).heartbeat()
	}
	select {
	case code := <-w.closed:
		t.Fatalf("closed with %d", code)
	case m := <-p.told:
		t.Errorf("%T came without a place for it", m)
	default:
	}
	first.Done()
	if m := next[*session.Received](t, p); m.ID != "2" {
		t.Errorf("%+v", m)
	}
}

func TestClientLeaves(t *testing.T) {
	w := start(t, nil)
	c, p := w.connect()
	p.Send(wire.Reply("", wire.OK{}))
	if f := c.read(); f.Type != "ok" {
		t.Errorf("%+v", f)
	}
	_ = c.ws.Close(websocket.StatusNormalClosure, "")
	next[*session.Gone](t, p)
	for range 200 { // a session learns it late: nothing grows and nobody is counted
		p.Send(wire.Reply("", wire.OK{}))
	}
	select {
	case code := <-w.closed:
		t.Errorf("counted as closed by the server with %d", code)
	default:
	}
}

func TestCloseBehindWhatIsQueued(t *testing.T) {
	w := start(t, nil)
	c, p := w.connect()
	for range 50 {
		p.Send(wire.Reply("", wire.OK{}))
	}
	p.Close(wire.NewGoodbye(wire.CloseTokenExpired, "expired", 0))
	p.Close(wire.NewGoodbye(wire.CloseRestart, "later", 0)) // the first one counts
	p.Send(wire.Reply("", wire.OK{}))                       // never sent
	for range 50 {
		if f := c.read(); f.Type != "ok" {
			t.Fatalf("%+v", f)
		}
	}
	if f := c.ends(wire.CloseTokenExpired); !f.Reconnect {
		t.Error("not invited back")
	}
	next[*session.Gone](t, p)
	if code := <-w.closed; code != wire.CloseTokenExpired || len(w.closed) != 0 {
		t.Errorf("counted %d and %d more", code, len(w.closed))
	}
}
