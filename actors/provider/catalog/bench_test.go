package catalog

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"recall/actors/provider/catalog/catalogtest"
	"recall/actors/recall"
	"recall/wire"
)

const benchSongs = 100_000

var hundredThousand = sync.OnceValues(func() ([]wire.Song, *Index) {
	songs := catalogtest.Generate(benchSongs, 1)
	x := New()
	x.Upsert(songs...)
	return songs, x
})

// BenchmarkSearch asks 1,000 different questions of 100,000 songs and reports
// the median and the 95th percentile besides the mean.
func BenchmarkSearch(b *testing.B) {
	songs, x := hundredThousand()
	queries := catalogtest.Queries(songs, 1000, 2)
	p := Provider{x}
	times := make([]time.Duration, 0, b.N)
	runtime.GC()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		if _, err := p.Find(context.Background(), recall.Query{Text: queries[i%len(queries)]}); err != nil {
			b.Fatal(err)
		}
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(times[len(times)*95/100].Microseconds()), "p95-µs")
	b.ReportMetric(float64(times[len(times)-1].Microseconds()), "max-µs")
}

// BenchmarkLoad loads 100,000 songs in one call and reports the bytes that the
// index keeps for each.
func BenchmarkLoad(b *testing.B) {
	songs := catalogtest.Generate(benchSongs, 1)
	for b.Loop() {
		before := heap()
		x := New()
		x.Upsert(songs...)
		b.ReportMetric(float64(heap()-before)/benchSongs, "bytes/song")
		runtime.KeepAlive(x)
	}
	runtime.KeepAlive(songs)
}

// BenchmarkLoadBatches loads them as an import would announce them.
func BenchmarkLoadBatches(b *testing.B) {
	songs := catalogtest.Generate(benchSongs, 1)
	for b.Loop() {
		x := New()
		for batch := range slices.Chunk(songs, 1000) {
			x.Upsert(batch...)
		}
	}
}

// BenchmarkUpsert replaces one song at a time among 100,000.
func BenchmarkUpsert(b *testing.B) {
	songs, _ := hundredThousand()
	x := New()
	x.Upsert(songs...)
	for i := 0; b.Loop(); i++ {
		x.Upsert(songs[i*7919%len(songs)])
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
