package gateway

import (
	"errors"
	"net"

	"recall/wire"
)

func (c *conn) alive() { c.seen.Store(c.g.now().UnixNano()) }

// heartbeat pings, and looks after a while for a sign of life: without one the connection
// ends. It runs in its timer's goroutine. Nobody waits for the pong meanwhile: when it
// comes, the timer is put back.
func (c *conn) heartbeat() {
	asked := c.asked.Load()
	switch {
	case c.ctx.Err() != nil:
	case asked == 0:
		c.asked.Store(c.g.now().UnixNano())
		c.beat.Reset(c.g.cfg.PongTimeout)
		c.control(framePing, nil)
	case c.seen.Load() > asked || c.held.Load():
		c.answered()
	default:
		c.drop(wire.NewGoodbye(wire.CloseNoPong, "no sign of life", 0))
	}
}

// answered ends the wait for a pong.
func (c *conn) answered() {
	c.alive()
	if c.asked.Swap(0) != 0 {
		c.beat.Reset(c.g.cfg.PingInterval)
	}
}

// control writes a control frame, past what is queued. Behind a close frame none is due.
func (c *conn) control(head byte, payload []byte) {
	err := c.sock.send(appendFrame(nil, head, payload), false)
	if err != nil && !errors.Is(err, net.ErrClosed) {
		c.cut()
	}
}
