package embedded

import (
	"context"
	"log/slog"
	"os"
	"testing"
)

// The benchmarks measure what a person waits for: a real disk, all settings as
// shipped, fsync included.
func benchOptions(b *testing.B) Options {
	b.Helper()
	dir, err := os.MkdirTemp("", "recall-bench-")
	check(b, err)
	check(b, os.Chmod(dir, 0o711))
	b.Cleanup(func() { check(b, os.RemoveAll(dir)) })
	return Options{DataDir: dir, Logger: slog.New(slog.DiscardHandler)}
}

func BenchmarkStartCold(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		opt := benchOptions(b)
		b.StartTimer()
		s, err := Start(context.Background(), opt)
		b.StopTimer()
		check(b, err)
		stop(b, s)
		check(b, Remove(context.Background(), opt.DataDir))
		b.StartTimer()
	}
}

func BenchmarkStartWarm(b *testing.B) {
	opt := benchOptions(b)
	s, err := Start(context.Background(), opt)
	check(b, err)
	stop(b, s)
	for b.Loop() {
		s, err := Start(context.Background(), opt)
		b.StopTimer()
		check(b, err)
		stop(b, s)
		b.StartTimer()
	}
}
