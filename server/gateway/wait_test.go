package gateway

import (
	"bytes"
	"encoding/binary"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"recall/actors/session"
	"recall/wire"
)

// masks is a client's frame of any kind with the mask 0; its payload has at most 125 bytes.
func masks(head byte, payload string) string {
	return string([]byte{head, 0x80 | byte(len(payload)), 0, 0, 0, 0}) + payload
}

// Whatever pieces TCP makes of what a client sends, and whatever else comes between, the
// same commands are heard: alone and together, in fragments, among pings and pongs.
func TestPiecesOfFrames(t *testing.T) {
	w := start(t, nil)
	c, p := w.dialRaw("")
	const final, ping, pong = 0x80, 9, 10
	all := masked(`{"type":"ping","id":"1"}`) + masks(final|pong, "") +
		masks(final|ping, "hello") + masked(`{"type":"ping","id":"2"}`) + masked(`{"type":"ping","id":"3"}`) +
		masks(opText, `{"type":"ping",`) + masks(final|pong, "x") + masks(final|ping, "again") + masks(final, `"id":"4"}`) +
		masks(final|pong, strings.Repeat("y", 125))
	for _, size := range []int{1, 2, 5, 16, 100, len(all)} {
		for piece := range slices.Chunk([]byte(all), size) {
			if _, err := c.Write(piece); err != nil {
				t.Fatal(err)
			}
		}
		for _, id := range []string{"1", "2", "3", "4"} {
			m := next[*session.Received](t, p)
			if m.ID != id || m.Fault != nil {
				t.Errorf("pieces of %d: %q, %v, want %q", size, m.ID, m.Fault, id)
			}
			m.Done()
		}
		for _, want := range []string{"hello", "again"} {
			if op, payload := c.frame(); op != pong || string(payload) != want {
				t.Errorf("pieces of %d: frame %d %s, want a pong to %s", size, op, payload, want)
			}
		}
	}
}

// Frames of every length arrive as they were sent, in order, whether one write holds many
// of them or one of them fills many.
func TestFramesOfEveryLength(t *testing.T) {
	w := start(t, func(c *Config) { c.OutboxBytes = 8 << 20 })
	c, p := w.connect()
	var sent [][]byte
	for _, n := range []int{1, 10, 60, 61, 62, 63, 64, 65, 1000, 16 << 10, 65_400, 65_500, 65_600, 200_000, 1, 2} {
		f := wire.Reply("", wire.Errorf(wire.CodeInternal, "%s", strings.Repeat("x", n)))
		sent = append(sent, f.Bytes)
		p.Send(f)
	}
	for i, want := range sent {
		kind, got, err := c.ws.Read(c.ctx)
		if err != nil || kind != websocket.MessageText || !bytes.Equal(got, want) {
			t.Fatalf("frame %d of %d bytes came as %d, %v", i, len(want), len(got), err)
		}
	}
}

// A close frame is said once: the library does not answer the client's answer to ours.
func TestOneCloseFrame(t *testing.T) {
	w := start(t, nil)
	c, p := w.dialRaw("")
	p.Close(wire.NewGoodbye(wire.CloseRestart, strings.Repeat("r", 200), 0))
	if op, _ := c.frame(); op != opText {
		t.Errorf("frame %d, want the goodbye", op)
	}
	op, payload := c.frame()
	if op != opClose || binary.BigEndian.Uint16(payload) != uint16(wire.CloseRestart) || len(payload) != 125 {
		t.Errorf("frame %d % x", op, payload)
	}
	_, _ = io.WriteString(c, masks(0x80|opClose, string(payload)))
	if rest, err := io.ReadAll(c.r); len(rest) > 0 || err != nil {
		t.Errorf("behind the close frame came % x, %v", rest, err)
	}
	next[*session.Gone](t, p)
}

// The client's close frame is answered by one of ours.
func TestCloseIsAnswered(t *testing.T) {
	w := start(t, nil)
	c, p := w.dialRaw("")
	_, _ = io.WriteString(c, masks(0x80|opClose, "\x03\xe8bye"))
	if op, payload := c.frame(); op != opClose || binary.BigEndian.Uint16(payload) != 1000 {
		t.Errorf("frame %d % x", op, payload)
	}
	next[*session.Gone](t, p)
}
