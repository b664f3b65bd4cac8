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

// wait waits for the client to send something. Nothing is done here but one read, from
// the top of a goroutine's stack: that one stays as small as stacks are made (2 KiB), and
// it is where a connection is for most of its life. Whatever comes is the matter of a
// goroutine of the crew, on a stack that has grown: the runtime makes a stack smaller
// only while less than a quarter is used, which from 4 KiB on down never happens.
func (c *conn) wait() {
	n, err := c.sock.Conn.Read(c.bite(c.sock.first[:]))
	c.sock.in = c.sock.first[:n]
	if err != nil {
		c.g.registry.crew.Go(c.finish)
		return
	}
	c.g.registry.crew.Go(c.turn)
}

// turn reads the frames that have come, and waits for more.
func (c *conn) turn() {
	c.spendBytes(len(c.sock.in))
	for c.sock.pending() {
		if !c.readFrame() {
			c.finish()
			return
		}
	}
	if !c.paceBytes() {
		c.finish()
		return
	}
	c.sock.in = nil
	go c.wait()
}

// readFrame handles one frame; false ends the connection. It may find only pings and
// pongs, and the library is then sent back. The library has no context to watch: whoever
// ends the connection closes its socket.
func (c *conn) readFrame() bool {
	c.sock.inside = false
	c.sock.boundary()
	kind, r, err := c.ws.Reader(context.Background())
	if errors.Is(err, errQuiet) {
		return true
	}
	if err != nil {
		return false
	}
	c.sock.inside = true
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
		return c.tooLarge(r)
	case err != nil:
		return false
	}
	return c.handle(frame)
}

// tooLarge ends the connection. The rest of the frame, and what is behind it, is read
// into nothing until the client has answered our close frame: a socket that is closed with
// something unread would take the goodbye along.
func (c *conn) tooLarge(r io.Reader) bool {
	c.Close(wire.NewGoodbye(wire.CloseTooLarge, "the frame is too large", 0))
	for err := error(nil); err == nil; {
		_, _ = io.Copy(io.Discard, r)
		_, r, err = c.ws.Reader(context.Background())
	}
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
func (c *conn) pinged(_ context.Context, payload []byte) (answer bool) {
	c.alive()
	if c.slowDown() {
		c.control(framePong, payload)
	}
	c.sock.boundary()
	return false // we have
}

func (c *conn) ponged(context.Context, []byte) {
	c.answered()
	c.sock.boundary()
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
