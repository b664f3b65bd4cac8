package services

import (
	"io"
	"net/http"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// BenchmarkChat is a streamed answer of some 700 tokens (300 with two songs) over a real socket, read to its end by a client
// that keeps its connections: what the emulator costs a harness on the same machine.
// The figure cpu-ns/op has both sides of the socket.
func BenchmarkChat(b *testing.B) {
	for _, c := range []struct {
		name    string
		options Options
	}{
		{"tokens", Options{}},
		{"bursts", Options{Burst: 50 * time.Millisecond}},
		{"bursts/two-songs", Options{Burst: 50 * time.Millisecond, Candidates: 2}},
	} {
		c.options.TokensPerSecond = 2000
		b.Run(c.name, func(b *testing.B) { benchmarkChat(b, c.options) })
	}
}

func benchmarkChat(b *testing.B, o Options) {
	s, err := Start(b.Context(), o)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	transport := &http.Transport{MaxIdleConnsPerHost: 128, DisableCompression: true}
	defer transport.CloseIdleConnections()
	var read atomic.Int64
	b.ReportAllocs()
	b.SetParallelism(32)
	before := cpuTime(b)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			resp, err := transport.RoundTrip(streamed(b, s))
			if err != nil {
				b.Error(err)
				return
			}
			n, err := io.Copy(io.Discard, resp.Body)
			if resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
				b.Errorf("%d, %v", resp.StatusCode, err)
				return
			}
			read.Add(n)
		}
	})
	b.ReportMetric(float64(cpuTime(b)-before)/float64(b.N), "cpu-ns/op")
	b.ReportMetric(float64(read.Load())/float64(b.N), "streamed-B/op")
}

func streamed(b *testing.B, s *Server) *http.Request {
	body := ask(`{"question":"80s Norwegian band, very high voice, pencil drawings in the video","conversation":[],"evidence":[
		{"title":"Take On Me","artist":"a-ha","confidence":0.6},{"title":"Africa","artist":"Toto","confidence":0.4},
		{"title":"A Song","artist":"A Band","confidence":0.3},{"title":"Another Song","artist":"A Band","confidence":0.3}]}`)
	body["stream"], body["stream_options"] = true, map[string]any{"include_obfuscation": false}
	return chatRequest(b.Context(), b, s, body)
}

// cpuTime is what this process has used so far.
func cpuTime(tb testing.TB) time.Duration {
	tb.Helper()
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}
