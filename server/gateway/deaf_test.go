package gateway

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"recall/actors/session"
	"recall/wire"
)

// raw speaks just enough WebSocket to leave out what a good client does.
type raw struct {
	t *testing.T
	net.Conn
	r *bufio.Reader
}

// dialRaw upgrades; early is sent in the same packet as the request.
func (w *world) dialRaw(early string) (*raw, *peer) {
	w.t.Helper()
	nc, err := net.Dial("tcp", strings.TrimPrefix(w.srv.URL, "http://"))
	if err != nil {
		w.t.Fatal(err)
	}
	_ = nc.(*net.TCPConn).SetReadBuffer(4 << 10)
	_ = nc.SetDeadline(time.Now().Add(time.Minute)) // against a test that hangs
	w.t.Cleanup(func() { _ = nc.Close() })
	const head = "GET /v1/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
	if _, err := io.WriteString(nc, head+early); err != nil {
		w.t.Fatal(err)
	}
	c := &raw{w.t, nc, bufio.NewReader(nc)}
	resp, err := http.ReadResponse(c.r, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusSwitchingProtocols {
		w.t.Fatal(resp.Status)
	}
	return c, <-w.peers
}

// The opcodes of RFC 6455, section 5.2.
const (
	opText  = 1
	opClose = 8
	opPing  = 9
)

// masked is a text frame with the mask 0.
func masked(text string) string {
	return string([]byte{0x80 | opText, 0x80 | byte(len(text)), 0, 0, 0, 0}) + text
}

func (c *raw) frame() (op byte, payload []byte) {
	c.t.Helper()
	head := make([]byte, 2)
	if _, err := io.ReadFull(c.r, head); err != nil {
		c.t.Fatal(err)
	}
	n := int(head[1] & 0x7f)
	if n == 126 {
		long := make([]byte, 2)
		_, _ = io.ReadFull(c.r, long)
		n = int(binary.BigEndian.Uint16(long))
	}
	payload = make([]byte, n)
	if _, err := io.ReadFull(c.r, payload); err != nil {
		c.t.Fatal(err)
	}
	return head[0] & 0xf, payload
}

// ends reads pings until the goodbye and then the close frame.
func (c *raw) ends(code wire.CloseCode) {
	c.t.Helper()
	op, payload := c.frame()
	for op == opPing {
		op, payload = c.frame()
	}
	if op != opText || !strings.Contains(string(payload), fmt.Sprintf(`"goodbye","code":%d,`, code)) {
		c.t.Fatalf("frame %d %s, want the goodbye %d", op, payload, code)
	}
	if op, payload = c.frame(); op != opClose || binary.BigEndian.Uint16(payload) != uint16(code) {
		c.t.Fatalf("frame %d % x, want the close %d", op, payload, code)
	}
}

func TestNoPong(t *testing.T) {
	w := start(t, func(c *Config) { c.PingInterval, c.PongTimeout = time.Millisecond, 20*time.Millisecond })
	c, p := w.dialRaw("")
	c.ends(wire.CloseNoPong)
	_ = c.Close()
	next[*session.Gone](t, p)
}

// Any frame is a sign of life, not only a pong.
func TestFramesInsteadOfPongs(t *testing.T) {
	w := start(t, func(c *Config) { c.PingInterval, c.PongTimeout = time.Millisecond, 2*time.Second })
	c, p := w.dialRaw("")
	for range 2 { // each one comes after a whole PongTimeout without a pong
		if op, payload := c.frame(); op != opPing {
			t.Fatalf("frame %d %s", op, payload)
		}
		_, _ = io.WriteString(c, masked(`{"type":"ping"}`))
		next[*session.Received](t, p).Done()
	}
	c.ends(wire.CloseNoPong)
}

// Frames that come with the handshake are not lost with its buffer.
func TestEarlyFrames(t *testing.T) {
	w := start(t, nil)
	_, p := w.dialRaw(masked(`{"type":"ping","id":"early"}`) + masked(`{"type":"ping","id":"next"}`))
	for _, id := range []string{"early", "next"} {
		if m := next[*session.Received](t, p); m.ID != id {
			t.Errorf("%+v, want %s", m, id)
		}
	}
}

// A client that does not read gets its answer in larger pieces, then 4008. What it
// reads until then has no gap.
func TestSlowReader(t *testing.T) {
	w := start(t, func(c *Config) { c.OutboxFrames, c.OutboxBytes = 64, 96<<10 })
	c, p := w.connect()
	at := wire.Envelope{ThreadID: wire.NewID(), RecallID: wire.NewID(), Epoch: "1"}
	text := strings.Repeat("word ", 200)
	at.Seq++
	p.Send(wire.EventFrame(at, &wire.AnswerDelta{Text: text}))
	last := c.read().Seq        // and then nothing more
	for slow := false; !slow; { // until the server loses patience, which the buffers of TCP put off
		at.Seq++
		p.Send(wire.EventFrame(at, &wire.AnswerDelta{Text: text}))
		select {
		case code := <-w.closed:
			if slow = true; code != wire.CloseTooSlow {
				t.Errorf("closed with %d", code)
			}
		default:
		}
	}
	for {
		f := c.read()
		if f.Type == "goodbye" {
			if f.Code != float64(wire.CloseTooSlow) || !f.Reconnect {
				t.Errorf("%+v", f)
			}
			break
		}
		first := max(f.FirstSeq, 0)
		if first == 0 {
			first = f.Seq
		}
		if first != last+1 || len(f.Text) != len(text)*int(f.Seq-first+1) {
			t.Fatalf("after %d came %d to %d with %d bytes", last, first, f.Seq, len(f.Text))
		}
		last = f.Seq
	}
	if last >= at.Seq {
		t.Errorf("read up to %d of %d", last, at.Seq)
	}
}

// A client that takes nothing at all is cut off, and nothing is left of it.
func TestDeafClientAtTheEnd(t *testing.T) {
	w := start(t, func(c *Config) { c.OutboxFrames = 10 })
	_, p := w.dialRaw("")
	big := wire.Reply("", wire.Errorf(wire.CodeInternal, "%s", strings.Repeat("x", 60<<10)))
	for {
		p.Send(big)
		select {
		case <-w.closed:
			ctx, cut := context.WithCancel(t.Context())
			cut()
			w.g.Close(ctx)
			next[*session.Leave](t, p)
			next[*session.Gone](t, p)
			return
		default:
		}
	}
}

// A frame that is not taken in time ends the connection.
func TestWriteTimeout(t *testing.T) {
	w := start(t, func(c *Config) { c.OutboxFrames, c.OutboxBytes, c.WriteTimeout = 1<<20, 1<<40, 10*time.Millisecond })
	_, p := w.dialRaw("")
	big := wire.Reply("", wire.Errorf(wire.CodeInternal, "%s", strings.Repeat("x", 60<<10)))
	for {
		p.Send(big)
		select {
		case m := <-p.told:
			if _, gone := m.(*session.Gone); !gone {
				t.Errorf("%T", m)
			}
			return
		default:
		}
	}
}

// A pong sets the time until the next ping going, however long one is waited for.
func TestPongs(t *testing.T) {
	w := start(t, func(c *Config) { c.PingInterval, c.PongTimeout = time.Millisecond, time.Hour })
	c, _ := w.dialRaw("")
	for range 20 {
		if op, payload := c.frame(); op != opPing {
			t.Fatalf("frame %d %s", op, payload)
		}
		_, _ = io.WriteString(c, masks(0x80|10, ""))
	}
}
