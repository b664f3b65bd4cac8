package persistence

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"recall/wire"
)

const benchSongs = 100_000

// benchDB is a catalogue of 100,000 songs, with the statistics that a server
// in use has.
func benchDB(b *testing.B) *DB {
	b.Helper()
	db := songDB(b)
	mustImport(b, db, syntheticSongs(b, benchSongs), ImportOptions{})
	execSQL(b, db, `VACUUM ANALYZE songs`)
	return db
}

func BenchmarkImportSongs(b *testing.B) {
	file := newSynthetic(b).file(benchSongs)
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		db := songDB(b)
		if _, err := db.ImportSongs(b.Context(), bytes.NewReader(file), ImportOptions{Format: "jsonl"}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadSongs(b *testing.B) {
	db := benchDB(b)
	for b.Loop() {
		if err := db.Songs(b.Context(), func([]wire.Song) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSearchSongs is why the program searches an index of its own: the
// target is 1 ms of CPU (median) and 20 ms of wall time (p95) over 100,000
// songs, Postgres included. An iteration is a question; -benchtime=1000x asks
// 1,000 different ones. Nearly all of the time goes into ts_rank_cd, as words
// like "guitar" and "voice" are in half of the songs and each must be ranked.
func BenchmarkSearchSongs(b *testing.B) {
	db := benchDB(b)
	s := newSynthetic(b)
	questions := make([]string, 1000)
	for i := range questions {
		questions[i] = s.question(s.song(i))
	}
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		if _, err := db.SearchSongs(b.Context(), questions[i%len(questions)], 10); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(took[len(took)/2].Seconds()*1000, "p50-ms")
	b.ReportMetric(took[len(took)*95/100].Seconds()*1000, "p95-ms")
}
