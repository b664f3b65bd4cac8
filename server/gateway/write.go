package gateway

import (
	"sync"
	"time"
)

const (
	// writeBytes is how much is put into one write, in bytes, if it is there: a frame that
	// is written alone costs a call of the kernel and a packet of its own. A single frame
	// may be longer.
	writeBytes = 16 << 10
	// closeWait is how long a client has to answer our close frame with its own.
	closeWait = 5 * time.Second
)

// writeBuffers are held while something is written.
var writeBuffers = sync.Pool{New: func() any { b := make([]byte, 0, 4<<10); return &b }}

// write sends what is queued and ends when nothing is. A write that does not get
// through in time ends the connection.
func (c *conn) write() {
	buf := writeBuffers.Get().(*[]byte)
	defer writeBuffers.Put(buf)
	for c.writeSome(buf) {
	}
	if cap(*buf) > 4*writeBytes { // of a rare, large frame
		*buf = make([]byte, 0, writeBytes)
	}
}

// writeSome writes as much of the queue as one write takes; false: there is no more.
func (c *conn) writeSome(buf *[]byte) bool {
	frames, last := c.out.take(writeBytes)
	b := (*buf)[:0]
	for _, f := range frames {
		b = appendFrame(b, frameText, f.Bytes)
	}
	if last != nil {
		b = appendClose(b, last)
	}
	*buf = b
	if len(b) == 0 {
		return false
	}
	if err := c.sock.send(b, last != nil); err != nil {
		c.cut()
		return false
	}
	if last != nil {
		time.AfterFunc(closeWait, c.cut)
	}
	return last == nil
}
