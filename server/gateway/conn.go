package gateway

import (
	"context"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"

	"recall/actors/session"
	"recall/wire"
)

// conn is one WebSocket. It implements [session.Conn].
type conn struct {
	g      *Gateway
	ws     *websocket.Conn
	sock   socket
	out    outbox
	ctx    context.Context // ends with the connection
	cancel context.CancelFunc
	places chan struct{}          // one for each command under way
	member atomic.Pointer[member] // the user, once known
	frames bucket
	bytes  bucket
	chunks channels
	seen   atomic.Int64 // when the last frame or pong came, Unix nanoseconds
	held   atomic.Bool  // the reader is busy with a frame, or waits for a place: pongs lie unread
	beat   *time.Timer
	asked  atomic.Int64   // when the ping went that is not answered yet, likewise; 0: none
	leave  func()         // gives the place of the address back
	number int64          // of the connection in this process, for traces
	tell   func(any)      // the session's mailbox; set when told is done
	told   sync.WaitGroup // (a channel would be larger)

	flooding bool // with bytes; only the reader looks
}

// newConn is a connection that is yet to get its WebSocket.
func (g *Gateway) newConn(leave func()) *conn {
	c := &conn{
		g: g, leave: leave, number: g.numbers.Add(1),
		out:    outbox{maxFrames: g.cfg.OutboxFrames, maxBytes: g.cfg.OutboxBytes},
		places: make(chan struct{}, g.cfg.InFlight),
		frames: newBucket(g.cfg.FrameBurst, g.cfg.FramesPerSecond),
		bytes:  newBucket(g.cfg.ByteBurst, g.cfg.BytesPerSecond),
	}
	c.sock.c = c
	c.told.Add(1)
	c.ctx, c.cancel = context.WithCancel(context.Background())
	c.beat = time.AfterFunc(math.MaxInt64, c.heartbeat) // set going by begin
	return c
}

// Send implements [session.Conn].
func (c *conn) Send(f *wire.Frame) {
	switch c.out.put(f) {
	case wake:
		c.g.registry.crew.Go(c.write)
	case overflow:
		c.drop(wire.NewGoodbye(wire.CloseTooSlow, "you do not read what is sent", 0))
	case queued:
	}
}

// Drained implements [session.Conn].
func (c *conn) Drained(ctx context.Context) error {
	select {
	case <-c.out.room():
		return nil
	case <-c.ctx.Done():
		return c.ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close implements [session.Conn].
func (c *conn) Close(goodbye *wire.Goodbye) { c.close(goodbye, false) }

// drop says goodbye without what is queued.
func (c *conn) drop(goodbye *wire.Goodbye) { c.close(goodbye, true) }

func (c *conn) close(goodbye *wire.Goodbye, drop bool) {
	v, first := c.out.close(goodbye, drop)
	if !first {
		return
	}
	if v == wake {
		c.g.registry.crew.Go(c.write)
	}
	c.g.metrics.Closed(goodbye.Code)
	// A client that reads nothing gets this long to take the goodbye.
	time.AfterFunc(c.g.cfg.WriteTimeout, c.cut)
}

// cut ends the connection at once: its reader finds the socket closed.
func (c *conn) cut() {
	c.cancel()
	_ = c.sock.Close()
}

// begin sets the connection going.
func (c *conn) begin() {
	c.alive()
	c.beat.Reset(c.g.cfg.PingInterval)
	c.g.registry.crew.Go(c.turn) // there may be early frames
}

// finish takes everything down, after the last frame was read.
func (c *conn) finish() {
	defer c.g.registry.readers.Done() // counted by add
	defer c.g.registry.remove(c)
	c.end()
	c.tell(&session.Gone{})
	_ = c.ws.CloseNow()
}

// end gives back what a connection holds, whether it ever served or not.
func (c *conn) end() {
	c.out.end()
	c.beat.Stop()
	c.cancel()
	c.leave()
}
