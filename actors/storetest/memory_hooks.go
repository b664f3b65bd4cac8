package storetest

import (
	"context"
	"sync"
)

// hooks let a test make a [Memory] slow or faulty.
type hooks struct {
	hookMu  sync.Mutex
	failing map[string][]error
	losing  []error
	gate    chan struct{} // commits wait until it is closed; nil: they do not wait
	held    chan struct{} // gets a token for each commit that waits
}

// FailNext makes the next call of the method named op ("Commit", "Page", …) fail
// with err, before it does anything. Called again, it fails the one after that.
func (h *hooks) FailNext(op string, err error) {
	h.hookMu.Lock()
	defer h.hookMu.Unlock()
	if h.failing == nil {
		h.failing = make(map[string][]error)
	}
	h.failing[op] = append(h.failing[op], err)
}

// LoseAnswer makes the next Commit that succeeds report err all the same, as a
// connection does that breaks before the answer.
func (h *hooks) LoseAnswer(err error) {
	h.hookMu.Lock()
	defer h.hookMu.Unlock()
	h.losing = append(h.losing, err)
}

// HoldCommits makes commits wait. Each that does so sends on held (which takes
// 1,024 before it drops); release lets all of them go on, and later ones pass.
func (h *hooks) HoldCommits() (held <-chan struct{}, release func()) {
	h.hookMu.Lock()
	defer h.hookMu.Unlock()
	gate := make(chan struct{})
	h.gate, h.held = gate, make(chan struct{}, 1024)
	return h.held, sync.OnceFunc(func() {
		h.hookMu.Lock()
		defer h.hookMu.Unlock()
		close(gate)
		if h.gate == gate {
			h.gate = nil
		}
	})
}

// before is what a method does first.
func (h *hooks) before(ctx context.Context, op string) error {
	if err := h.wait(ctx, op); err != nil {
		return err
	}
	h.hookMu.Lock()
	defer h.hookMu.Unlock()
	waiting := h.failing[op]
	if len(waiting) == 0 {
		return ctx.Err()
	}
	h.failing[op] = waiting[1:]
	return waiting[0]
}

func (h *hooks) wait(ctx context.Context, op string) error {
	h.hookMu.Lock()
	gate, held := h.gate, h.held
	h.hookMu.Unlock()
	if gate == nil || op != "Commit" {
		return nil
	}
	select {
	case held <- struct{}{}:
	default:
	}
	select {
	case <-gate:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// lost is what a commit that has succeeded reports.
func (h *hooks) lost() error {
	h.hookMu.Lock()
	defer h.hookMu.Unlock()
	if len(h.losing) == 0 {
		return nil
	}
	err := h.losing[0]
	h.losing = h.losing[1:]
	return err
}
