package persistence

import (
	"runtime"
	"sync/atomic"
	"testing"

	"recall/persistence/pgtest"
	"recall/wire"
)

// BenchmarkCommit is the two steps of a recall: the question accepted, and the
// answer with five candidates and the stash; by 64 threads side by side, alone and
// together. (The test server does not wait for the disk, which would favour groups
// even more.)
func BenchmarkCommit(b *testing.B) {
	for name, o := range map[string]Options{"alone": {NoBatching: true}, "together": {BatchWait: DefaultBatchWait}} {
		b.Run(name, func(b *testing.B) { benchmarkCommit(b, openWith(b, o)) })
	}
}

func benchmarkCommit(b *testing.B, db *DB) {
	b.ReportAllocs()
	b.SetParallelism(64 / runtime.GOMAXPROCS(0))
	before := db.Queries()
	b.RunParallel(func(pb *testing.PB) {
		a := newThread(b, db, wire.NewID())
		for seq := int64(1); pb.Next(); seq += 7 {
			ask := asking(a, seq)
			for _, c := range []*wire.Commit{ask, answering(a, seq+1, ask.Accepted.ID)} {
				if err := db.Commit(b.Context(), c); err != nil {
					b.Error(err)
					return
				}
			}
		}
	})
	b.ReportMetric(float64(2*b.N)/b.Elapsed().Seconds(), "commits/s")
	b.ReportMetric(float64(db.Queries()-before)/float64(2*b.N), "trips/commit")
}

// BenchmarkLoneCommit is the same of a single thread, for which nobody waits.
func BenchmarkLoneCommit(b *testing.B) {
	for name, o := range map[string]Options{"alone": {NoBatching: true}, "together": {}} {
		b.Run(name, func(b *testing.B) {
			db := openWith(b, o)
			a := newThread(b, db, wire.NewID())
			for seq := int64(1); b.Loop(); seq += 7 {
				ask := asking(a, seq)
				for _, c := range []*wire.Commit{ask, answering(a, seq+1, ask.Accepted.ID)} {
					if err := db.Commit(b.Context(), c); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

// BenchmarkCreate makes threads, by 8 callers.
func BenchmarkCreate(b *testing.B) {
	db := openStore(b, pgtest.New(b))
	b.ReportAllocs()
	b.SetParallelism(4)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for owner := wire.NewID(); pb.Next(); {
			newThread(b, db, owner)
		}
	})
}

// BenchmarkActivate wakes 500 threads in turn, by 8 callers.
func BenchmarkActivate(b *testing.B) {
	db := openStore(b, pgtest.New(b))
	ids := make([]wire.ID, 500)
	for i := range ids {
		ids[i] = newThread(b, db, wire.NewID()).Thread.ID
	}
	var n atomic.Int64
	b.ReportAllocs()
	b.SetParallelism(4)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := db.Activate(b.Context(), ids[n.Add(1)%500]); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// BenchmarkPage reads the newest 50 of 700 messages, most with a candidate.
func BenchmarkPage(b *testing.B) {
	db := openStore(b, pgtest.New(b))
	a := newThread(b, db, wire.NewID())
	for seq := int64(1); seq < 700; seq += 7 {
		ask := asking(a, seq)
		for _, c := range []*wire.Commit{ask, answering(a, seq+1, ask.Accepted.ID)} {
			if err := db.Commit(b.Context(), c); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportAllocs()
	b.SetParallelism(4)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			page, err := db.Page(b.Context(), wire.PageQuery{ThreadID: a.Thread.ID, Limit: 50})
			if err != nil || len(page.Postings) != 50 {
				b.Errorf("%d messages, %v", len(page.Postings), err)
				return
			}
		}
	})
}
