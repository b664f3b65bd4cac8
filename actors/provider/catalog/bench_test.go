package catalog

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"

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
	benchFind(b, x, catalogtest.Queries(songs, 1000, 2))
}

// BenchmarkSearchDescriptions asks the evaluation set, whose sentences are
// longer, of the starter catalogue among invented songs.
func BenchmarkSearchDescriptions(b *testing.B) {
	known := starterSongs(b)
	x := New()
	x.Upsert(catalogtest.Mixed(known, benchSongs, 1)...)
	var queries []string
	for _, d := range descriptions(b, known) {
		queries = append(queries, d.Query)
	}
	benchFind(b, x, queries)
}

func benchFind(b *testing.B, x *Index, queries []string) {
	p := Provider{x}
	times := make([]time.Duration, 0, b.N)
	runtime.GC()
	b.ReportAllocs()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for i := 0; b.Loop(); i++ {
		start := threadTime()
		if _, err := p.Find(context.Background(), recall.Query{Text: queries[i%len(queries)]}); err != nil {
			b.Fatal(err)
		}
		times = append(times, threadTime()-start)
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
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for b.Loop() {
		before := heap()
		start := threadTime()
		x := New()
		x.Upsert(songs...)
		b.ReportMetric((threadTime() - start).Seconds(), "cpu-s")
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

// threadTime is the processor time of this thread: wall time on a busy machine
// tells of the neighbours.
func threadTime() time.Duration {
	var t syscall.Timespec
	const clockThreadCPUTime = 3
	if _, _, errno := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, clockThreadCPUTime, uintptr(unsafe.Pointer(&t)), 0); errno != 0 {
		panic(errno)
	}
	return time.Duration(t.Nano())
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkSearchStarter asks the starter catalogue alone, as a new server has it.
func BenchmarkSearchStarter(b *testing.B) {
	known := starterSongs(b)
	x := New()
	x.Upsert(known...)
	var queries []string
	for _, d := range descriptions(b, known) {
		queries = append(queries, d.Query)
	}
	benchFind(b, x, queries)
}
