package judge_test

import (
	"runtime"
	"sync"
	"testing"

	"recall/stress/judge"
)

// Devices tell the judge of what they see all at once.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	s := newScene(judge.Limits{})
	var devices sync.WaitGroup
	for u := range 8 {
		devices.Go(func() {
			s.ThreadMade(user(u), thread(u))
			for n := range 200 {
				s.whole(u, u*1000+n, float64(n))
				s.Saw(user(u), thread(u))
				s.Ended("tablet", recallID(u*1000+n), "recall.completed", at(float64(n)+1))
				if n%50 == 0 {
					s.Verdict()
				}
			}
			s.Closed("phone", 1000, true)
		})
	}
	devices.Wait()
	if got := broken(s.Verdict()); len(got) > 0 {
		t.Errorf("%v are found broken", got)
	}
}

// BenchmarkRecall is what a recall costs the harness, in time and kept memory.
func BenchmarkRecall(b *testing.B) {
	s := newScene(limits)
	const users = 10_000
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before, n := heap(), 0
	b.ReportAllocs()
	for b.Loop() {
		s.whole(n%users, n, float64(n)/600)
		n++
	}
	b.ReportMetric(float64(heap()-before)/float64(n), "kept-B/op")
	runtime.KeepAlive(s.Judge)
}

// BenchmarkVerdict is what the end of the full profile costs: 20 minutes of 600
// recalls a second by 10,000 users.
func BenchmarkVerdict(b *testing.B) {
	s := newScene(limits)
	for n := range 720_000 {
		s.whole(n%10_000, n, float64(n)/600)
	}
	for b.Loop() {
		s.Verdict()
	}
}
