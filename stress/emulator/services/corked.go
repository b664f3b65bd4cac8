package services

import (
	"context"
	"net"
	"strconv"
)

// corked is a connection that can hold back what is written, to send it as one. The
// HTTP server writes what is longer than its buffer of 4 kB in three pieces; each would
// be a system call here, and one more and a wake-up for who reads.
type corked struct {
	*net.TCPConn
	held    bool // by the one goroutine that answers
	waiting []byte
}

// mostWaiting bounds what is held back, in bytes; what is more goes out.
const mostWaiting = 256 << 10

func (c *corked) Write(p []byte) (int, error) {
	if !c.held {
		return c.TCPConn.Write(p)
	}
	c.waiting = append(c.waiting, p...)
	if len(c.waiting) > mostWaiting {
		return len(p), c.drain()
	}
	return len(p), nil
}

// chunk holds back a body's next chunk (RFC 9112, section 7.1), while c is held.
func (c *corked) chunk(parts [][]byte) {
	size := 0
	for _, p := range parts {
		size += len(p)
	}
	if size == 0 { // would be the end
		return
	}
	c.waiting = append(strconv.AppendInt(c.waiting, int64(size), 16), "\r\n"...)
	for _, p := range parts {
		c.waiting = append(c.waiting, p...)
	}
	c.waiting = append(c.waiting, "\r\n"...)
}

func (c *corked) drain() error {
	_, err := c.TCPConn.Write(c.waiting)
	c.waiting = c.waiting[:0]
	return err
}

// asOne sends what write writes in one piece.
func (c *corked) asOne(write func() error) error {
	if c == nil { // not our listener's
		return write()
	}
	c.held = true
	err := write()
	c.held = false
	if sent := c.drain(); err == nil {
		err = sent
	}
	return err
}

// corkedListener gives connections of that kind.
type corkedListener struct{ *net.TCPListener }

func (l corkedListener) Accept() (net.Conn, error) {
	conn, err := l.AcceptTCP()
	if err != nil {
		return nil, err
	}
	return &corked{TCPConn: conn}, nil
}

type corkedKey struct{}

func withCorked(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, corkedKey{}, conn)
}

// corkedOf is the connection of a request, nil if it came in another way.
func corkedOf(ctx context.Context) *corked {
	c, _ := ctx.Value(corkedKey{}).(*corked)
	return c
}
