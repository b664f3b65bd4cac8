package gateway

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/coder/websocket"

	"recall/actors/session"
	"recall/wire"
)

// buffers are shared by all readers: an idle connection holds none.
var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 4<<10); return &b }}

// readFrame handles one frame; false ends the connection.
func (c *conn) readFrame() bool {
	kind, r, err := c.ws.Reader(c.ctx)
	if err != nil {
		return false
	}
	c.alive()
	if kind == websocket.MessageBinary {
		return c.readChunk(r)
	}
	c.chunks.settle()
	buf := buffers.Get().(*[]byte)
	defer buffers.Put(buf)
	frame, err := readAll((*buf)[:0], r, wire.MaxTextFrame)
	*buf = frame[:0]
	switch {
	case errors.Is(err, errTooLarge):
		return c.tooLarge()
	case err != nil:
		return false
	}
	return c.handle(frame)
}

// tooLarge ends the connection: the rest of the frame is never read.
func (c *conn) tooLarge() bool {
	c.Close(wire.NewGoodbye(wire.CloseTooLarge, "the frame is too large", 0))
	<-c.ctx.Done()
	return false
}

var errTooLarge = errors.New("frame over the limit")

// readAll is [io.ReadAll] into buf, up to limit bytes.
func readAll(buf []byte, r io.Reader, limit int) ([]byte, error) {
	for {
		if len(buf) > limit {
			return buf, errTooLarge
		}
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := r.Read(buf[len(buf):min(cap(buf), limit+1)])
		buf = buf[:len(buf)+n]
		if errors.Is(err, io.EOF) && len(buf) <= limit {
			return buf, nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return buf, err
		}
	}
}

// handle decodes a frame and hands it to the session, as soon as there is a
// place for one more command.
func (c *conn) handle(frame []byte) bool {
	c.held.Store(true)
	defer c.held.Store(false)
	var m session.Received
	m.ID, m.Command, m.Fault = wire.Decode(frame)
	came := c.g.now()
	if wait := c.countFrame(came); wait > 0 {
		c.Send(wire.Reply(m.ID, wire.RateLimited(wire.PolicyFrames, wait)))
		return c.pause(wait)
	}
	if m.Done = c.place(); m.Done == nil {
		return false
	}
	c.trace(&m, frame, came)
	c.tell(&m)
	return true
}

// countFrame counts a frame; a wait above 0: it is one too many.
func (c *conn) countFrame(now time.Time) (wait time.Duration) {
	if wait = c.frames.take(now); wait > 0 {
		c.g.metrics.Flooded(string(wire.PolicyFrames))
	}
	return wait
}

// pinged counts a ping as a frame. In a flood of them the pong waits, and with it the reader.
func (c *conn) pinged(context.Context, []byte) (answer bool) {
	c.alive()
	return c.slowDown()
}

// pause reads nothing for a while, so that a flood fills the client's own buffers;
// false: the connection ends.
func (c *conn) pause(d time.Duration) bool {
	over := time.NewTimer(d)
	defer over.Stop()
	select {
	case <-over.C:
		c.alive()
		return true
	case <-c.ctx.Done():
		return false
	}
}

// place waits until one more command may be under way, of this connection and of its
// user. It returns what gives the place back; nil: the connection ends.
func (c *conn) place() (done func()) {
	if !c.take(c.places) {
		return nil
	}
	m := c.member.Load()
	if m == nil {
		return func() { <-c.places }
	}
	if !c.take(m.places) {
		<-c.places
		return nil
	}
	return func() {
		<-m.places
		<-c.places
	}
}

func (c *conn) take(places chan struct{}) bool {
	select {
	case places <- struct{}{}:
		c.alive() // the time spent waiting is not the client's silence
		return true
	case <-c.ctx.Done():
		return false
	}
}
