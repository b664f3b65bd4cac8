package user

import (
	"testing"
	"time"

	"recall/wire"
)

// BenchmarkUserStep admits a recall and gives its slot back, for a user whose log of the
// last hour has a hundred recalls at most.
func BenchmarkUserStep(b *testing.B) {
	s := awake(Config{}, start)
	now := start
	r := wire.Recall{ThreadID: id(0)}
	b.ReportAllocs()
	for n := 1; b.Loop(); n++ {
		now = now.Add(40 * time.Second)
		r.ID, r.RequestID = id(n), id(1_000_000_000+n)
		s.Step(now, Call{From: "me", Body: Admit{Recall: r}})
		s.Step(now, Call{Body: Release{RecallID: r.ID}})
	}
}
