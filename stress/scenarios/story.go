package scenarios

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"sync"

	"recall/stress/device"
)

// story is what a device was told, in its order, as one number: pieces of an answer are
// taken together, since a server may merge them for a device that is slow.
type story struct {
	thread string

	mu     sync.Mutex
	sum    hash.Hash
	events int
}

func newStory(thread string) *story { return &story{thread: thread, sum: sha256.New()} }

// add takes an event, in the order of coming; only those of the story's thread count.
func (s *story) add(h *device.Head) {
	if s == nil || string(h.ThreadID) != s.thread {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	said := h.Raw
	if string(h.Type) == "recall.answer.delta" {
		var piece struct{ Text string }
		_ = h.Into(&piece) // the numbering tells of a frame that cannot be read
		said = []byte(piece.Text)
	} else {
		s.events++
	}
	_, _ = s.sum.Write(said) // never fails
}

// length is how many events there were, pieces of answers aside.
func (s *story) length() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.events
}

// told is the number.
func (s *story) told() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return hex.EncodeToString(s.sum.Sum(nil)[:8])
}
