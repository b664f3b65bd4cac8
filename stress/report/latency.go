package report

import (
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Times from a microsecond to ten minutes are kept to three digits, in about 200 KB.
const (
	shortest = time.Microsecond
	longest  = 10 * time.Minute
	digits   = 3
)

// Latency records times, of the whole run and of the current second. It is safe for
// concurrent use.
type Latency struct {
	mu     sync.Mutex
	total  *hdrhistogram.Histogram // microseconds, without those of the window
	window *hdrhistogram.Histogram
}

// NewLatency is a recorder without any times.
func NewLatency() *Latency { return &Latency{total: histogram(), window: histogram()} }

func histogram() *hdrhistogram.Histogram {
	return hdrhistogram.New(shortest.Microseconds(), longest.Microseconds(), digits)
}

// Record adds one time. Less than a microsecond counts as one, more than ten minutes
// as ten minutes.
func (l *Latency) Record(d time.Duration) {
	us := min(max(d, shortest), longest).Microseconds()
	l.mu.Lock()
	defer l.mu.Unlock()
	_ = l.window.RecordValue(us) // it lies within the bounds
}

// Forget begins anew.
func (l *Latency) Forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.total.Reset()
	l.window.Reset()
}

// Window tells of the times since the last call, and begins the next window.
func (l *Latency) Window() Quantiles {
	l.mu.Lock()
	defer l.mu.Unlock()
	q := quantiles(l.window)
	l.total.Merge(l.window)
	l.window.Reset()
	return q
}

// Total tells of all times so far, under a name to show them by.
func (l *Latency) Total(name string) Distribution {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := histogram()
	all.Merge(l.total)
	all.Merge(l.window)
	return distribution(name, all)
}
