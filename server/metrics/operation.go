package metrics

import (
	"slices"
	"sync"
	"time"
)

// window is how many measurements of an operation the percentiles are over.
const window = 1000

// operation is the record of one operation. It is safe for concurrent use.
type operation struct {
	name string

	mu       sync.Mutex
	count    int64
	errors   int64
	requests int64
	last     []time.Duration // a ring once it is full
	next     int
}

func newOperation(name string) *operation { return &operation{name: name} }

func (o *operation) observe(d time.Duration, failed bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.count++
	o.requests++
	if failed {
		o.errors++
	}
	if len(o.last) < window {
		o.last = append(o.last, d)
		return
	}
	o.last[o.next] = d
	o.next = (o.next + 1) % window
}

// spared counts a request that needed no run of its own.
func (o *operation) spared() {
	o.mu.Lock()
	o.requests++
	o.mu.Unlock()
}

// Operation is how an operation stands. Count is how often it ran, Requests how
// often somebody asked for it: the difference was answered by a cache or by
// another's run. Times are of the last 1000 runs, in milliseconds.
type Operation struct {
	Count    int64   `json:"count"`
	Errors   int64   `json:"errors"`
	Requests int64   `json:"requests"`
	AvgMS    float64 `json:"avg_ms"`
	MinMS    float64 `json:"min_ms"`
	MaxMS    float64 `json:"max_ms"`
	P50MS    float64 `json:"p50_ms"`
	P95MS    float64 `json:"p95_ms"`
	P99MS    float64 `json:"p99_ms"`
}

func (o *operation) snapshot() Operation {
	o.mu.Lock()
	s := Operation{Count: o.count, Errors: o.errors, Requests: o.requests}
	sorted := slices.Clone(o.last)
	o.mu.Unlock()
	if len(sorted) == 0 {
		return s
	}
	slices.Sort(sorted)
	var sum time.Duration
	for _, d := range sorted {
		sum += d
	}
	s.AvgMS = ms(sum) / float64(len(sorted))
	s.MinMS, s.MaxMS = ms(sorted[0]), ms(sorted[len(sorted)-1])
	s.P50MS, s.P95MS, s.P99MS = ms(rank(sorted, 50)), ms(rank(sorted, 95)), ms(rank(sorted, 99))
	return s
}

// rank is the percentile by nearest rank: the smallest value that at least
// percent of all do not exceed.
func rank(sorted []time.Duration, percent int) time.Duration {
	return sorted[(len(sorted)*percent+99)/100-1]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
