package provider

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"recall/actors/provider/fault"
)

// world runs a test with a service in a bubble of its own, where time passes when
// all wait.
func world(t *testing.T, cfg Config, test func(t *testing.T, w *testWorld)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		system := newSystem()
		defer system.Shutdown()
		defer time.Sleep(time.Minute) // the bubble's: protoactor keeps a goroutine for a while after a dead letter
		w := &testWorld{tally: tally{counts: map[string]int{}}}
		logger := slog.New(slog.NewTextHandler(&w.log, nil))
		w.Service = Start(system, "whisper", cfg, Deps{Logger: logger, Meter: &w.tally})
		defer w.Stop()
		test(t, w)
	})
}

type testWorld struct {
	*Service
	tally tally
	log   safeLog
}

// tally is a [Meter] that remembers.
type tally struct {
	mu     sync.Mutex
	counts map[string]int
}

func (m *tally) count(parts ...string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.counts[strings.Join(parts, " ")]++
}

func (m *tally) of(what string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.counts[what]
}

func (m *tally) Called(service, outcome string, _ time.Duration) { m.count("called", service, outcome) }
func (m *tally) StateChanged(service, from, to string)           { m.count("state", service, from, to) }
func (m *tally) Coalesced(service string)                        { m.count("coalesced", service) }
func (m *tally) Hit(cache, service string)                       { m.count("hit", cache, service) }
func (m *tally) Miss(cache string)                               { m.count("miss", cache) }

type safeLog struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *safeLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *safeLog) count(words string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.text.String(), words)
}

// answer is a call that succeeds.
func answer(text string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return text, nil }
}

// fails is a call that fails, and is not tried again.
func fails(class fault.Class) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return "", &fault.Fault{Class: class, Final: true} }
}

// hangs is a call that lasts as long as it may.
func hangs(ctx context.Context) (string, error) {
	<-ctx.Done()
	return "", ctx.Err()
}

func want(t *testing.T, err error, word string) {
	t.Helper()
	if f := fault.Of(err); f == nil && word != "" || f != nil && f.Word() != word {
		t.Fatalf("error %v, want %q", err, word)
	}
}

// actors counts the actors of the system.
func (w *testWorld) actors() (n int) {
	for _, shard := range w.system.ProcessRegistry.LocalPIDs.LocalPIDs {
		n += shard.Count()
	}
	return n
}

// BenchmarkDo is the cost of the whole way: join, mailbox, guard, worker, result.
func BenchmarkDo(b *testing.B) {
	system := newSystem()
	defer system.Shutdown()
	s := Start(system, "bench", Config{AtOnce: 1 << 10}, Deps{})
	defer s.Stop()
	call := answer("yes")
	for name, key := range map[string]string{"own": "", "shared": "key"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Do(context.Background(), s, key, call); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
