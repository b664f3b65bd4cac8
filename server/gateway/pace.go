package gateway

import (
	"time"
)

// longestPause bounds one wait of the reader, after which it looks again. The library's
// reading of a ping gives up after 5 s, and a sign of life is wanted now and then.
const longestPause = time.Second

// mouthful is how much is read at once: what comes back within the longest pause, so
// that a debt is paid by then.
func (c *Config) mouthful() int { return min(c.ByteBurst, c.BytesPerSecond) }

// bite is as much of b as may be filled by one read.
func (c *conn) bite(b []byte) []byte {
	if c.bytes.tokens == nil {
		return b
	}
	return b[:min(len(b), c.g.cfg.mouthful())]
}

// spendBytes counts what was read.
func (c *conn) spendBytes(n int) {
	if c.bytes.tokens != nil {
		c.bytes.spend(c.g.now(), n)
	}
}

// paceBytes waits until nothing is owed; false: the connection ends.
func (c *conn) paceBytes() bool {
	for c.bytes.tokens != nil {
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
	return true
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
