package gateway

import (
	"errors"
	"net"

	"recall/wire"
)

func (c *conn) alive() { c.seen.Store(c.g.now().UnixNano()) }

// heartbeat pings, and looks later for a sign of life: without one the connection ends.
// It runs in its timer's goroutine. Nobody waits for the pong meanwhile.
func (c *conn) heartbeat() {
	switch {
	case c.ctx.Err() != nil:
	case c.asked == 0:
		c.asked = c.g.now().UnixNano()
		c.beat.Reset(c.g.cfg.PongTimeout)
		c.control(framePing, nil)
	case c.seen.Load() > c.asked || c.held.Load():
		c.alive()
		c.asked = 0
		c.beat.Reset(max(c.g.cfg.PingInterval-c.g.cfg.PongTimeout, 1))
	default:
		c.drop(wire.NewGoodbye(wire.CloseNoPong, "no sign of life", 0))
	}
}

// control writes a control frame, past what is queued. Behind a close frame none is due.
func (c *conn) control(head byte, payload []byte) {
	err := c.sock.send(appendFrame(nil, head, payload), false)
	if err != nil && !errors.Is(err, net.ErrClosed) {
		c.cut()
	}
}
