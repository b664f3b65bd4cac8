package report

import (
	"math"
	"slices"
	"sync"
	"testing"
	"time"
)

// What a window has told of is in the whole too, once, whoever recorded it.
func TestWindowsAddUp(t *testing.T) {
	t.Parallel()
	l := NewLatency()
	var recorders sync.WaitGroup
	var told int64
	for range 4 {
		recorders.Go(func() {
			for i := range 1000 {
				l.Record(time.Duration(i+1) * time.Millisecond)
			}
		})
	}
	for range 10 {
		told += l.Window().Count
	}
	recorders.Wait()
	told += l.Window().Count
	if again := l.Window(); told != 4000 || again != (Quantiles{}) {
		t.Errorf("the windows had %d, the empty one %+v", told, again)
	}
	d := l.Total("all")
	if d.Count != 4000 || !near(d.P50, 500) || !near(d.P95, 950) || !near(d.P99, 990) || !near(d.Max, 1000) || !near(d.Mean, 500.5) {
		t.Errorf("%+v", d)
	}
}

func near(got, want float64) bool { return math.Abs(got-want) <= want/200 }

// Times out of bounds count, as the bound.
func TestBoundsOfTimes(t *testing.T) {
	t.Parallel()
	l := NewLatency()
	l.Record(-time.Second)
	l.Record(time.Hour)
	if d := l.Total(""); d.Count != 2 || d.Min != 0.001 || !near(d.Max, longest.Seconds()*1000) {
		t.Errorf("%+v", d)
	}
}

// A curve rises, and ends where a single time would decide.
func TestCurve(t *testing.T) {
	t.Parallel()
	l := NewLatency()
	for i := range 1000 {
		l.Record(time.Duration(i) * time.Millisecond)
	}
	c := l.Total("").Curve
	if !slices.IsSortedFunc(c, func(a, b Point) int { return int(math.Copysign(1, a.Millis-b.Millis)) }) {
		t.Errorf("the curve falls: %v", c)
	}
	if last := c[len(c)-1].Percent; last < 99 || last > 99.9 {
		t.Errorf("1000 times are told up to %v %%", last)
	}
}
