package metrics

import (
	"cmp"
	"slices"
	"sync"
)

// mostSlow is how many of the last recalls are shown.
const mostSlow = 20

// slowest keeps the last recalls, to show the slowest of them. It is safe for
// concurrent use.
type slowest struct {
	mu   sync.Mutex
	last []SlowRecall // a ring once it is full
	next int
}

func (s *slowest) add(r SlowRecall) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.last) < window {
		s.last = append(s.last, r)
		return
	}
	s.last[s.next] = r
	s.next = (s.next + 1) % window
}

// top are the slowest of the last 1000, the slowest first; of equal ones the newer.
func (s *slowest) top() []SlowRecall {
	s.mu.Lock()
	all := append(slices.Clone(s.last[s.next:]), s.last[:s.next]...)
	s.mu.Unlock()
	slices.Reverse(all)
	slices.SortStableFunc(all, func(a, b SlowRecall) int { return cmp.Compare(b.TotalMS, a.TotalMS) })
	return append([]SlowRecall{}, all[:min(len(all), mostSlow)]...)
}
