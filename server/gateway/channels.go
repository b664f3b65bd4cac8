package gateway

import (
	"slices"
	"sync"

	"recall/wire"
)

// channels are the open uploads of one connection, by the number that its binary
// frames begin with.
type channels struct {
	mu   sync.Mutex
	open map[uint32]func([]byte) // nil until there is one: most connections have none
	last uint32                  // given out; none is given out twice
	told []wire.Error            // of frames without an upload; only the reader looks
}

// Attach implements [session.Conn].
func (c *conn) Attach(take func(p []byte)) (channel uint32) {
	s := &c.chunks
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		s.open = map[uint32]func([]byte){}
	}
	s.last++
	s.open[s.last] = take
	return s.last
}

// Detach implements [session.Conn].
func (c *conn) Detach(channel uint32) {
	s := &c.chunks
	s.mu.Lock()
	defer s.mu.Unlock()
	if delete(s.open, channel); len(s.open) == 0 {
		s.open = nil
	}
}

func (s *channels) taker(channel uint32) (take func([]byte), open bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	take, open = s.open[channel]
	return take, open
}

// mostNews is how many different faults of stray chunks are told in a run.
const mostNews = 8

// news tells whether the client has yet to hear of this fault. Whoever goes on
// sending chunks of uploads that have ended hears so once of each, not for each chunk.
func (s *channels) news(fault *wire.Error) bool {
	if len(s.told) >= mostNews || slices.Contains(s.told, *fault) {
		return false
	}
	s.told = append(s.told, *fault)
	return true
}

// settle begins anew: the client has done something else meanwhile.
func (s *channels) settle() { s.told = nil }
