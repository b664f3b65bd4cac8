package actors

import (
	"sync"
	"testing"
)

// TestDispatcherRunsEverything: also while it stops, and far more at once than wait.
func TestDispatcherRunsEverything(t *testing.T) {
	t.Parallel()
	d := newDispatcher()
	var all sync.WaitGroup
	gate := make(chan struct{})
	for range 10 * warmWorkers { // none can end before all have begun
		all.Add(1)
		d.Schedule(func() { <-gate; all.Done() })
	}
	close(gate)
	all.Wait()
	for range 1000 {
		all.Add(1)
		d.Schedule(all.Done)
	}
	d.stop()
	for range 1000 {
		all.Add(1)
		d.Schedule(all.Done)
	}
	all.Wait()
}
