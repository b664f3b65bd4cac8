package gateway

import (
	"net"
	"time"
)

// paced is the socket of a connection, read no faster than the connection's bytes
// allow. It stands below the WebSocket, so that whatever a client sends is counted:
// payloads, the heads of frames, pings. Nothing is refused or lost; what is not read
// yet fills the buffers of TCP, which slows the sender.
type paced struct {
	net.Conn
	c *conn
}

// Read implements [net.Conn]. What has come is given at once; if it was too much, the
// next read waits.
func (p paced) Read(b []byte) (int, error) {
	if p.c.bytes.tokens == nil {
		return p.Conn.Read(b)
	}
	if !p.c.paceBytes() {
		return 0, p.c.ctx.Err()
	}
	n, err := p.Conn.Read(b[:min(len(b), p.c.g.cfg.mouthful())])
	p.c.bytes.spend(p.c.g.now(), n)
	return n, err
}

// longestPause bounds one wait of the reader, after which it looks again. The library's
// reading of a ping gives up after 5 s, and a sign of life is wanted now and then.
const longestPause = time.Second

// mouthful is how much is read at once: what comes back within the longest pause, so
// that a debt is paid by then.
func (c *Config) mouthful() int { return min(c.ByteBurst, c.BytesPerSecond) }

// paceBytes waits until nothing is owed; false: the connection ends.
func (c *conn) paceBytes() bool {
	for {
		now := c.g.now()
		wait := c.bytes.debt(now)
		c.noteBytes(wait > 0, now)
		if wait == 0 {
			return true
		}
		if !c.hold(func() bool { return c.pause(min(wait, longestPause)) }) {
			return false
		}
	}
}

// noteBytes counts a flood of bytes once, however many waits it takes: it is over when
// half of the burst has come back.
func (c *conn) noteBytes(owed bool, now time.Time) {
	switch {
	case owed && !c.flooding:
		c.flooding = true
		c.g.metrics.Flooded("bytes")
	case c.flooding && c.bytes.left(now) >= c.g.cfg.ByteBurst/2:
		c.flooding = false
	}
}
