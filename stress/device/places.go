package device

import "sync"

// Places are where a device stands in the threads that it follows. They outlive its
// connections. Safe for concurrent use.
type Places struct {
	mu sync.Mutex
	of map[string]*place
}

// NewPlaces is a device that follows nothing.
func NewPlaces() *Places { return &Places{of: map[string]*place{}} }

// Forget leaves a thread.
func (p *Places) Forget(thread string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.of, thread)
}

// number checks an event or a subscription against the place before it.
func (p *Places) number(h *Head) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return nil
}
