package persistence

import (
	"testing"
	"time"
)

// Groups begin apart, but a commit that comes after a quiet time waits no longer for that.
func TestGroupsBeginApart(t *testing.T) {
	t.Parallel()
	came := testTime.Time
	for _, c := range []struct {
		name   string
		began  time.Time
		flying int
		wait   time.Duration
	}{
		{"the first group", time.Time{}, 0, time.Second},
		{"long after the latest", came.Add(-time.Minute), 0, time.Second},
		{"soon after the latest", came.Add(-time.Second), 0, (waitsApart - 1) * time.Second},
		{"while one is written", came.Add(-3 * time.Second), 1, time.Second},
	} {
		w := &groupWriter{wait: time.Second, began: c.began, flying: c.flying}
		if got := w.due(came).Sub(came); got != c.wait {
			t.Errorf("%s: waits %s, not %s", c.name, got, c.wait)
		}
	}
}
