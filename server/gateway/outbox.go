package gateway

import (
	"sync"

	"recall/wire"
)

// mergeFrom is the length of the queue from which answer deltas are merged: a
// client that keeps up gets each piece as it was said.
const mergeFrom = 32

// mergeUpTo is the size, in bytes, from which a merged delta grows no more: each
// merge encodes it anew, so that without an end the cost would grow with its square.
const mergeUpTo = 8 << 10

// outbox is what a client has yet to be sent. put may be called by anybody; one
// writer at a time takes.
type outbox struct {
	maxFrames, maxBytes int

	mu      sync.Mutex
	queue   []*wire.Frame
	bytes   int
	writing bool
	goodbye *wire.Goodbye // set once: nothing is queued behind it
	drained chan struct{} // closed when half of the room is free again; nil: nobody waits
	ended   bool          // the socket is gone: nothing is queued at all
}

// verdict is what put asks its caller to do.
type verdict int

const (
	queued   verdict = iota
	wake             // nobody writes: start a writer
	overflow         // the client does not read: say goodbye
)

// put queues a frame. Once a goodbye is said frames are dropped: the client
// resumes elsewhere. A frame that is over the bound by itself is let in when nothing
// is before it: its size is our doing, not the client's.
func (o *outbox) put(f *wire.Frame) verdict {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.goodbye != nil || o.ended {
		return queued
	}
	lags := len(o.queue) > 0
	if !o.merge(f) {
		o.queue = append(o.queue, f)
		o.bytes += len(f.Bytes)
	}
	if lags && (len(o.queue) > o.maxFrames || o.bytes > o.maxBytes) {
		return overflow
	}
	return o.wake()
}

func (o *outbox) wake() verdict {
	if o.writing {
		return queued
	}
	o.writing = true
	return wake
}

// merge joins a delta to the last queued one when the client lags.
func (o *outbox) merge(f *wire.Frame) bool {
	n := len(o.queue)
	if n < mergeFrom || len(o.queue[n-1].Bytes) >= mergeUpTo {
		return false
	}
	merged, ok := wire.Merge(o.queue[n-1], f)
	if !ok {
		return false
	}
	o.bytes += len(merged.Bytes) - len(o.queue[n-1].Bytes)
	o.queue[n-1] = merged
	return true
}

// close queues the goodbye as the last frame; drop forgets what was queued.
// Only the first goodbye counts.
func (o *outbox) close(g *wire.Goodbye, drop bool) (v verdict, first bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.goodbye != nil || o.ended {
		return queued, false
	}
	o.goodbye = g
	if drop {
		o.queue, o.bytes = nil, 0
	}
	o.queue = append(o.queue, wire.Reply("", g))
	return o.wake(), true
}

// end drops what comes from now on, and what is queued unless a goodbye is among it.
func (o *outbox) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ended = true
	if o.goodbye == nil {
		o.queue, o.bytes = nil, 0
	}
}

// take is what to write next: frames of most bytes together, or one. Without any the
// writer's turn ends; last is the goodbye when that has been written.
func (o *outbox) take(most int) (frames []*wire.Frame, last *wire.Goodbye) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.queue) == 0 {
		o.queue = nil // an idle connection holds no array
		o.writing = o.goodbye != nil
		return nil, o.goodbye
	}
	n := 0
	for size := 0; n < len(o.queue) && (n == 0 || size+len(o.queue[n].Bytes) <= most); n++ {
		size += len(o.queue[n].Bytes)
		o.bytes -= len(o.queue[n].Bytes)
	}
	frames, o.queue = o.queue[:n:n], o.queue[n:]
	o.relieve()
	return frames, nil
}

// room tells when half of the bounds is free: a closed channel when it is now.
func (o *outbox) room() <-chan struct{} {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.drained == nil {
		o.drained = make(chan struct{})
	}
	room := o.drained
	o.relieve()
	return room
}

func (o *outbox) relieve() {
	if o.drained != nil && len(o.queue) <= o.maxFrames/2 && o.bytes <= o.maxBytes/2 {
		close(o.drained)
		o.drained = nil
	}
}
