package gateway

import (
	"bufio"
	"errors"
	"net"
	"os"
	"sync"
	"time"
)

// firstRead is how much of what comes is read by a goroutine that waits, in bytes: most
// frames of a client. It is held for as long as the connection is there.
const firstRead = 320

// libraryBuffer is the size of the library's own buffers, in bytes. It reads from one
// that is filled already, and writes nothing but a close frame. With the 4 KiB of the
// HTTP server instead, a connection would hold 8 KiB that it never needs.
const libraryBuffer = 16

// socket is the TCP connection below a WebSocket. It stands there so that whatever a
// client sends is counted (see [socket.Read]), and so that nobody has to wait for bytes
// in the depth of the library, see [conn.wait].
type socket struct {
	net.Conn
	c     *conn
	br    *bufio.Reader // the library's, above Read
	first [firstRead]byte
	in    []byte // has come; the library is yet to read it

	// between says that the library has read whole frames: what it is given next begins
	// one, and it can be sent away when nothing is there.
	between bool
	inside  bool // a message: between its fragments it must wait

	mu     sync.Mutex // of writing: frames go out whole
	closed bool       // a close frame has gone: nothing may follow
	ours   bool       // and it was not the library's
	until  int64      // the deadline of writes, Unix nanoseconds
}

// errQuiet sends the library away: the client has not begun another frame.
var errQuiet = errors.New("gateway: nothing has come")

// Read implements [net.Conn]. What has come is given at once; if it was too much, the
// next read waits: a socket is read no faster than the connection's bytes allow. Nothing
// is refused or lost; what is not read yet fills the buffers of TCP, which slows the sender.
func (s *socket) Read(b []byte) (int, error) {
	if len(s.in) > 0 {
		n := copy(b, s.in)
		s.in, s.between = s.in[n:], false
		return n, nil
	}
	if s.between {
		return 0, errQuiet
	}
	if !s.c.paceBytes() {
		return 0, s.c.ctx.Err()
	}
	n, err := s.Conn.Read(s.c.bite(b))
	s.c.spendBytes(n)
	return n, err
}

// boundary notes that the library stands between two frames, unless it has read a bit
// of the next one already.
func (s *socket) boundary() { s.between = !s.inside && s.br.Buffered() == 0 }

// pending tells whether some of the next frame has come.
func (s *socket) pending() bool { return len(s.in) > 0 || s.br.Buffered() > 0 }

// Write implements [net.Conn] for the library, which is only let write the close frame
// that answers the client's, or tells it of a fault.
func (s *socket) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ours { // one close frame is enough
		return len(b), nil
	}
	s.closed = true
	return len(b), s.push(b)
}

// send writes whole frames; last: a close frame is the end of them.
func (s *socket) send(frames []byte, last bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return net.ErrClosed
	}
	s.closed, s.ours = last, last
	return s.push(frames)
}

// push writes for as long as the client's TCP takes something within each
// [Config.WriteTimeout].
func (s *socket) push(b []byte) error {
	fresh := s.inTime()
	for {
		n, err := s.Conn.Write(b)
		if !errors.Is(err, os.ErrDeadlineExceeded) || n == 0 && fresh {
			return err
		}
		b = b[n:]
		fresh = s.moreTime()
	}
}

// inTime lets the deadline of an earlier write stand while most of it is left: to set one
// is a quarter of what a short write costs beside the kernel. It tells whether all of the
// time is there.
func (s *socket) inTime() (fresh bool) {
	if left := time.Duration(s.until - time.Now().UnixNano()); left > s.c.g.cfg.WriteTimeout/2 {
		return false
	}
	return s.moreTime()
}

func (s *socket) moreTime() (fresh bool) {
	end := time.Now().Add(s.c.g.cfg.WriteTimeout)
	s.until = end.UnixNano()
	_ = s.SetWriteDeadline(end) // a socket that is gone says so with the write
	return true
}
