package gateway

import (
	"encoding/binary"
	"errors"
	"io"
	"sync"

	"recall/wire"
)

const (
	// channelBytes is the head of a binary frame (PROTOCOL.md, section 6).
	channelBytes = 4
	// chunkBuffer is how many bytes of a frame are in memory. A slow client must fill
	// it within the time for a pong, since only then it is seen to be alive.
	chunkBuffer = 16 << 10
)

// chunkBuffers are held while a frame comes in, not between two frames.
var chunkBuffers = sync.Pool{New: func() any { return new([chunkBuffer]byte) }}

// readChunk streams a binary frame into the upload of its channel; false ends the
// connection. Of the frame itself no more than the buffer is ever in memory.
func (c *conn) readChunk(r io.Reader) bool {
	buf := chunkBuffers.Get().(*[chunkBuffer]byte)
	defer chunkBuffers.Put(buf)
	n, err := io.ReadFull(r, buf[:channelBytes])
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false
	}
	take, fault := c.destination(buf[:n])
	if fault == nil {
		return c.slowDown() && c.pour(r, take, buf[:])
	}
	return c.stray(fault) && c.pour(r, func([]byte) {}, buf[:])
}

// destination is where the bytes behind a head go.
func (c *conn) destination(head []byte) (take func([]byte), fault *wire.Error) {
	if c.member.Load() == nil {
		return nil, wire.Errorf(wire.CodeUnauthorized, "say hello with a token first")
	}
	if len(head) < channelBytes {
		return nil, wire.Errorf(wire.CodeBadRequest, "channel: a binary frame begins with %d bytes of it", channelBytes)
	}
	channel := binary.BigEndian.Uint32(head)
	take, open := c.chunks.taker(channel)
	if !open {
		return nil, wire.Errorf(wire.CodeNotFound, "channel %d: no upload is open there", channel)
	}
	return take, nil
}

// slowDown counts a chunk. In a flood it waits instead of refusing: an upload
// with a piece missing would be worth nothing.
func (c *conn) slowDown() bool {
	for wait := c.countFrame(c.g.now()); wait > 0; wait = c.frames.take(c.g.now()) {
		if !c.hold(func() bool { return c.pause(wait) }) {
			return false
		}
	}
	return true
}

// stray counts a frame that belongs to no upload, and tells its fault if that is news.
func (c *conn) stray(fault *wire.Error) bool {
	if wait := c.countFrame(c.g.now()); wait > 0 {
		c.Send(wire.Reply("", wire.RateLimited(wire.PolicyFrames, wait)))
		return c.hold(func() bool { return c.pause(wait) })
	}
	if c.chunks.news(fault) {
		c.Send(wire.Reply("", fault))
	}
	return true
}

// pour reads the rest of a frame, piece by piece.
func (c *conn) pour(r io.Reader, take func([]byte), buf []byte) bool {
	for size := channelBytes; ; {
		n, err := r.Read(buf[:min(len(buf), wire.MaxBinaryFrame+1-size)])
		c.alive()
		if size += n; size > wire.MaxBinaryFrame {
			return c.tooLarge(r)
		}
		if n > 0 {
			c.hold(func() bool { take(buf[:n]); return true })
		}
		if err != nil {
			return errors.Is(err, io.EOF)
		}
	}
}

// hold does what the client is not to be blamed for: while the reader waits, pongs
// lie unread.
func (c *conn) hold(wait func() bool) bool {
	c.held.Store(true)
	defer c.held.Store(false)
	return wait()
}
