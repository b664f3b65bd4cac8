package thread

import "testing"

// TestDoneEntriesAreLetGo: what was written is not held by the place it waited in.
func TestDoneEntriesAreLetGo(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, mostEntries, 50} {
		var l log
		for range n {
			l.waiting = append(l.waiting, entry{then: func(error) {}})
		}
		for range n {
			l.pop()
		}
		if !l.empty() || cap(l.waiting) > mostEntries {
			t.Errorf("%d entries: %d places are left", n, cap(l.waiting))
		}
		for _, e := range l.waiting[:cap(l.waiting)] {
			if e.then != nil {
				t.Errorf("%d entries: one is held", n)
			}
		}
	}
}
