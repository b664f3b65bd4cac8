package gateway

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"recall/wire"
)

func TestUploadsInterleaved(t *testing.T) {
	w, c := edge(t, nil)
	one, two := c.open(""), c.open(`,"size":70001`)
	if one.Channel != 1 || two.Channel != 2 || one.ChunkBytes != 65536 || one.ID != "o" {
		t.Errorf("%+v, %+v", one, two)
	}
	a, b := voice(100_003), voice(70_001)
	for i := range 10 {
		c.chunk(one.Channel, a[i*1000:(i+1)*1000])
		c.chunk(two.Channel, b[i*7000:(i+1)*7000])
	}
	c.chunk(two.Channel, b[70_000:])
	c.chunk(one.Channel, nil) // no bytes are no fault
	c.chunks(one.Channel, a[10_000:], 20_000)
	c.stored(two.MediaID, b)
	c.stored(one.MediaID, a)
	if w.shelf.writes > chunkBuffer {
		t.Errorf("%d bytes at once in memory", w.shelf.writes)
	}
	three := c.open("")
	if three.Channel != 3 {
		t.Errorf("channel %d was used before", three.Channel)
	}
}

// The largest upload passes at full speed within the burst of frames (the clock stands
// still: no frame is forgiven), and one byte more is told at once.
func TestLargestUpload(t *testing.T) {
	w := start(t, func(c *Config) { c.FrameBurst, c.FramesPerSecond = 2000, 200 })
	w.now = time.Unix(1000, 0)
	w.withSessions()
	c := w.signIn()
	content := voice(wire.MaxMedia)
	o := c.open("")
	c.chunks(o.Channel, content, wire.ChunkBytes)
	c.stored(o.MediaID, content)

	o = c.open("")
	c.chunks(o.Channel, content, wire.ChunkBytes)
	c.quiet()
	c.chunk(o.Channel, []byte("x"))
	if f := c.want("too_large"); f.MediaID != o.MediaID || f.ID != "" {
		t.Errorf("%+v", f)
	}
	c.chunk(o.Channel, []byte("y")) // swallowed
	c.quiet()
	c.close(o.MediaID, "", "too_large")
	w.ended("failed")
	c.close(o.MediaID, "", "not_found")
}

// Chunks beyond the rate wait; none is refused and none is lost.
func TestChunksInAFlood(t *testing.T) {
	_, c := edge(t, func(c *Config) { c.FrameBurst, c.FramesPerSecond = 2, 1000 })
	var o frame
	c.send(`{"type":"media.open","kind":"voice","content_type":"audio/wav"}`)
	o = c.want("media.opened")
	content := voice(60)
	c.chunks(o.Channel, content, 1)
	for f := (frame{}); f.Type != "media.stored"; { // media.close itself is refused in a flood
		c.send(fmt.Sprintf(`{"type":"media.close","media_id":%q,"sha256":%q}`, o.MediaID, sumOf(content)))
		if f = c.read(); f.Type != "media.stored" && f.Code != "rate_limited" {
			t.Fatalf("%+v", f)
		}
	}
}

func TestFramesWithoutAnUpload(t *testing.T) {
	_, c := edge(t, nil)
	short := func(n int) {
		if err := c.ws.Write(c.ctx, websocket.MessageBinary, make([]byte, n)); err != nil {
			t.Fatal(err)
		}
	}
	for n := range 4 {
		short(n)
	}
	for range 10 {
		c.chunk(7, voice(1000))
		c.chunk(8, voice(256<<10-4))
		short(2)
	}
	for _, want := range []struct{ code, names string }{{"bad_request", "channel:"}, {"not_found", "channel 7"}, {"not_found", "channel 8"}} {
		if f := c.want(want.code); !strings.Contains(f.Message, want.names) {
			t.Errorf("%+v, want it to name %s", f, want.names)
		}
	}
	c.quiet()
	c.chunk(7, nil) // after something else it is told again
	c.want("not_found")
	for channel := range uint32(100) { // not each of many
		c.chunk(channel+10, nil)
	}
	for range mostNews - 1 {
		c.want("not_found")
	}
	c.quiet()
}

func TestChunksBeforeWelcome(t *testing.T) {
	w := start(t, nil)
	c, _ := w.connect()
	for _, size := range []int{0, 3, 64<<10 + 1, 256 << 10} {
		if err := c.ws.Write(c.ctx, websocket.MessageBinary, bytes.Repeat([]byte{0xff}, size)); err != nil {
			t.Fatal(err)
		}
	}
	c.want("unauthorized")
	c.chunk(1, make([]byte, 256<<10))
	c.ends(wire.CloseTooLarge) // and no second error before it
}

func TestChunksAfterClose(t *testing.T) {
	_, c := edge(t, nil)
	o := c.open("")
	content := voice(5000)
	c.chunks(o.Channel, content, 999)
	c.stored(o.MediaID, content)
	c.chunks(o.Channel, content, 100)
	c.want("not_found")
	c.quiet()
	c.close(o.MediaID, "", "not_found")
}

func TestFaultsOfAnUpload(t *testing.T) {
	w, c := edge(t, nil)
	o := c.open("")
	c.chunk(o.Channel, []byte("GIF89a"))
	c.close(o.MediaID, "", "unsupported_media")
	w.ended("failed")
	o = c.open("")
	c.chunk(o.Channel, voice(10))
	c.close(o.MediaID, sumOf(nil), "bad_request")
	w.ended("failed")
	o = c.open(`,"size":11`)
	c.chunk(o.Channel, voice(10))
	c.close(o.MediaID, "", "bad_request")
	w.ended("failed")
}

// An upload belongs to its connection, even for the same user.
func TestUploadOfAnotherConnection(t *testing.T) {
	w, c := edge(t, nil)
	o := c.open("")
	other := w.signIn()
	other.close(o.MediaID, "", "not_found")
	other.chunk(o.Channel, voice(10))
	other.want("not_found")
	c.chunk(o.Channel, voice(10))
	c.stored(o.MediaID, voice(10))
}

// A message may come in fragments that are cut anywhere, and controls in between.
func TestFragments(t *testing.T) {
	_, c := edge(t, nil)
	o := c.open("")
	content := voice(3000)
	message := append([]byte{0, 0, 0, byte(o.Channel)}, content...)
	m, err := c.ws.Writer(c.ctx, websocket.MessageBinary)
	if err != nil {
		t.Fatal(err)
	}
	for _, cut := range []int{1, 2, 5, 6, 1000, len(message)} {
		n := max(0, cut-(len(content)+4-len(message)))
		if _, err := m.Write(message[:n]); err != nil {
			t.Fatal(err)
		}
		message = message[n:]
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	c.stored(o.MediaID, content)
}

func TestChunkOverTheLimit(t *testing.T) {
	w, c := edge(t, nil)
	o := c.open("")
	c.chunk(o.Channel, voice(256<<10-4))
	c.quiet()
	c.chunk(o.Channel, voice(256<<10-3))
	c.ends(wire.CloseTooLarge)
	w.ended("aborted")
}
