package metrics

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"recall/wire"
)

// bruteRank is the percentile by its definition: the smallest value that at least
// percent of all values do not exceed.
func bruteRank(all []time.Duration, percent int) time.Duration {
	best := slices.Max(all)
	for _, candidate := range all {
		below := 0
		for _, d := range all {
			if d <= candidate {
				below++
			}
		}
		if below*100 >= percent*len(all) {
			best = min(best, candidate)
		}
	}
	return best
}

func TestPercentilesOfTheLastThousand(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1, 2, 3, 19, 20, 21, 99, 100, 101, 999, 1000, 1001, 1999, 2345} {
		r := NewRecorder()
		var all []time.Duration
		for range n {
			d := time.Duration(random.IntN(500)) * time.Microsecond // with repetitions
			all = append(all, d)
			r.Observe("op", d, nil)
		}
		last := all[max(0, n-1000):]
		var sum time.Duration
		for _, d := range last {
			sum += d
		}
		want := Operation{
			Count: int64(n), Requests: int64(n), AvgMS: ms(sum) / float64(len(last)), MinMS: ms(slices.Min(last)), MaxMS: ms(slices.Max(last)),
			P50MS: ms(bruteRank(last, 50)), P95MS: ms(bruteRank(last, 95)), P99MS: ms(bruteRank(last, 99)),
		}
		if got := r.Stats().Operations["op"]; got != want {
			t.Errorf("%d measurements: %+v, want %+v", n, got, want)
		}
	}
}

func TestWhatCountsAsAnError(t *testing.T) {
	t.Parallel()
	r := NewRecorder()
	for _, err := range []error{nil, wire.NotFound("thread"), wire.Errorf(wire.CodeUnavailable, "x"), errors.New("x")} {
		r.Observe("op", time.Millisecond, err)
	}
	r.Hit("threads", "op")
	r.Coalesced("op")
	got := r.Stats().Operations["op"]
	if got.Count != 4 || got.Errors != 2 || got.Requests != 6 {
		t.Errorf("%+v", got)
	}
}

// Everybody reports at once, and reads meanwhile.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	const reporters, each = 8, 300
	r := NewRecorder()
	var all sync.WaitGroup
	for i := range reporters {
		all.Go(func() {
			for range each {
				r.Observe("op", time.Duration(i), nil)
				r.Hit("threads", "op")
				r.Miss("threads")
				r.Coalesced("op")
				r.Begin()()
				r.Stats()
			}
		})
	}
	all.Wait()
	s := r.Stats()
	if o := s.Operations["op"]; o.Count != reporters*each || o.Requests != 3*reporters*each || s.Coalesced["op"] != reporters*each {
		t.Errorf("%+v", s)
	}
	if c := s.Cache["threads"]; c.Hits != reporters*each || c.Misses != reporters*each || c.HitRate != 0.5 || s.ActiveRecalls != 0 {
		t.Errorf("%+v", s)
	}
}

func TestNamesAreBounded(t *testing.T) {
	t.Parallel()
	r := NewRecorder()
	for i := range 1000 {
		name := strings.Repeat("x", i+1)
		r.Flooded(name)
		r.Observe(name, time.Millisecond, nil)
	}
	s := r.Stats()
	if n := len(s.Floods); n != mostNames+1 {
		t.Errorf("%d names of floods", n)
	}
	if n := len(s.Operations); n != mostNames+1 {
		t.Errorf("%d names of operations", n)
	}
	var all int64
	for _, n := range s.Floods {
		all += n
	}
	if other := s.Operations["other"].Count; all != 1000 || other != 1000-mostNames+int64(len(knownOperations)) {
		t.Errorf("%d floods, %d other operations", all, other)
	}
}
