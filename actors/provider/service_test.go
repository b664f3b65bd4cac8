package provider

import (
	"context"
	"errors"
	"fmt"
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

func TestDoAnswers(t *testing.T) {
	world(t, Config{}, func(t *testing.T, w *testWorld) {
		got, err := Do(t.Context(), w.Service, "", answer("la la"))
		if got != "la la" || err != nil {
			t.Fatal(got, err)
		}
		synctest.Wait()
		if st := w.Status(); st != (Status{State: Closed}) || w.tally.of("called whisper ok") != 1 {
			t.Fatalf("%+v", st)
		}
	})
}

func TestTheBreakerThroughTheActor(t *testing.T) {
	world(t, Config{}, func(t *testing.T, w *testWorld) {
		for range 5 {
			_, err := Do(t.Context(), w.Service, "", fails(fault.Unavailable))
			want(t, err, "unavailable")
		}
		began := time.Now()
		_, err := Do(t.Context(), w.Service, "", answer("not reached"))
		want(t, err, "breaker_open")
		synctest.Wait()
		if st := w.Status(); st.State != Open || st.Failures != 5 || !st.OpenedAt.Equal(began) || st.Reason != "unavailable" {
			t.Fatalf("%+v", st)
		}
		time.Sleep(time.Minute) // the bubble's
		synctest.Wait()
		if st := w.Status(); st.State != HalfOpen {
			t.Fatalf("%+v", st)
		}
		_, err = Do(t.Context(), w.Service, "", answer("back"))
		want(t, err, "")
		synctest.Wait()
		if st := w.Status(); st != (Status{State: Closed}) {
			t.Fatalf("%+v", st)
		}
		for _, words := range []string{"is down", "tries whether", "works again"} {
			if n := w.log.count(words); n != 1 {
				t.Errorf("%q is logged %d times", words, n)
			}
		}
		for _, change := range []string{"closed open", "open half_open", "half_open closed"} {
			if n := w.tally.of("state whisper " + change); n != 1 {
				t.Errorf("%s counted %d times", change, n)
			}
		}
		if w.tally.of("called whisper breaker_open") != 1 || w.tally.of("called whisper unavailable") != 5 {
			t.Error(w.tally.counts)
		}
	})
}

func TestStatusTellsOfGateAndKey(t *testing.T) {
	world(t, Config{}, func(t *testing.T, w *testWorld) {
		_, err := Do(t.Context(), w.Service, "", func(context.Context) (string, error) {
			return "", &fault.Fault{Class: fault.Throttled, Wait: 20 * time.Second}
		})
		want(t, err, "throttled")
		synctest.Wait()
		if st := w.Status(); st.State != Throttled || time.Until(st.NotBefore) != 20*time.Second {
			t.Fatalf("%+v", st)
		}
		time.Sleep(20 * time.Second) // the bubble's
		if st := w.Status(); st != (Status{State: Closed}) {
			t.Fatalf("%+v", st)
		}
		_, err = Do(t.Context(), w.Service, "", fails(fault.Quota))
		want(t, err, "quota")
		_, err = Do(t.Context(), w.Service, "", answer("not reached"))
		want(t, err, "quota")
		synctest.Wait()
		if st := w.Status(); st.State != Disabled || st.Reason != "quota" || w.log.count("level=WARN") != 1 {
			t.Fatalf("%+v", st)
		}
	})
}

func TestARetryIsMadeWithinTheCall(t *testing.T) {
	world(t, Config{}, func(t *testing.T, w *testWorld) {
		calls := 0
		got, err := Do(t.Context(), w.Service, "", func(context.Context) (string, error) {
			if calls++; calls == 1 {
				return "", errors.New("connection reset")
			}
			return "second", nil
		})
		if got != "second" || err != nil || calls != 2 {
			t.Fatal(got, err, calls)
		}
	})
}

func TestACrashIsAnOutcomeAndNoOutage(t *testing.T) {
	world(t, Config{AtOnce: 2}, func(t *testing.T, w *testWorld) {
		for range 10 {
			_, err := Do(t.Context(), w.Service, "", func(context.Context) (string, error) { panic("a bug") })
			want(t, err, "crashed")
			if f := fault.Of(err); f.Class != fault.Unavailable {
				t.Fatal(f)
			}
		}
		got, err := Do(t.Context(), w.Service, "", answer("fine"))
		if got != "fine" || err != nil {
			t.Fatal(got, err)
		}
		synctest.Wait()
		if st := w.Status(); st != (Status{State: Closed}) {
			t.Fatalf("%+v", st)
		}
		if w.log.count("TestACrashIsAnOutcomeAndNoOutage") == 0 || w.tally.of("called whisper crashed") != 10 {
			t.Fatal("no stack in the log, or not counted")
		}
	})
}

func TestTheCallEndsAtItsTimeout(t *testing.T) {
	world(t, Config{Timeout: 3 * time.Second}, func(t *testing.T, w *testWorld) {
		for name, limit := range map[string]time.Duration{"": time.Minute, "key": time.Minute, "x": 2 * time.Second} {
			key := strings.TrimPrefix(name, "x")
			ctx, done := context.WithTimeout(t.Context(), limit)
			began := time.Now()
			_, err := Do(ctx, w.Service, key, hangs)
			done()
			want(t, err, "timeout")
			if took := time.Since(began); took != min(limit, 3*time.Second) {
				t.Fatalf("%q: %s", name, took)
			}
		}
		synctest.Wait()
		if n := w.Status().Failures; n != 3 {
			t.Fatalf("%d failures", n)
		}
	})
}

func TestTheLastPatienceCountsAsATimeout(t *testing.T) {
	world(t, Config{Timeout: 10 * time.Second}, func(t *testing.T, w *testWorld) {
		ctx, done := context.WithTimeout(t.Context(), 2*time.Second)
		defer done()
		_, err := Do(ctx, w.Service, "shared by nobody else", hangs)
		want(t, err, "timeout")
		synctest.Wait()
		if st := w.Status(); st.Failures != 1 || st.Running != 0 {
			t.Fatalf("%+v", st)
		}
	})
}

func TestLeavingEndsTheCallAtOnceAndDoesNotCount(t *testing.T) {
	world(t, Config{}, func(t *testing.T, w *testWorld) {
		for _, key := range []string{"", "key"} {
			ctx, leave := context.WithCancel(t.Context())
			began, ended := make(chan struct{}), make(chan struct{})
			go func() {
				<-began
				leave()
			}()
			_, err := Do(ctx, w.Service, key, func(ctx context.Context) (string, error) {
				close(began)
				<-ctx.Done()
				close(ended)
				return "", errors.New("a reader that does not say why")
			})
			want(t, err, "canceled")
			<-ended
			synctest.Wait()
			if st := w.Status(); st != (Status{State: Closed}) {
				t.Fatalf("%+v", st)
			}
		}
		if n := w.tally.of("called whisper canceled"); n != 2 {
			t.Fatal(w.tally.counts)
		}
	})
}

func TestAWorkerThatDoesNotHeedItsContext(t *testing.T) {
	world(t, Config{AtOnce: 1, Timeout: 5 * time.Second}, func(t *testing.T, w *testWorld) {
		release := make(chan struct{})
		_, err := Do(t.Context(), w.Service, "", func(context.Context) (string, error) {
			<-release
			return "too late", nil
		})
		want(t, err, "timeout")
		_, err = Do(t.Context(), w.Service, "", answer("no place"))
		want(t, err, "busy")
		close(release)
		synctest.Wait()
		_, err = Do(t.Context(), w.Service, "", answer("a place"))
		want(t, err, "")
	})
}

func TestStopEndsEverything(t *testing.T) {
	world(t, Config{AtOnce: 2, Answers: Answers{10, time.Hour}}, func(t *testing.T, w *testWorld) {
		errs := make(chan error)
		for i := range 4 { // two run, two wait
			go func() {
				_, err := Do(t.Context(), w.Service, fmt.Sprint(i%3), hangs)
				errs <- err
			}()
		}
		synctest.Wait()
		go w.Stop()
		for range 4 {
			want(t, <-errs, "stopped")
		}
		w.Stop()
		_, err := Do(t.Context(), w.Service, "", answer("too late"))
		want(t, err, "stopped")
	}) // the bubble itself fails when a goroutine is left
}

func TestACrashOfTheSupervisorLosesNobody(t *testing.T) {
	world(t, Config{}, func(t *testing.T, w *testWorld) {
		errs := make(chan error)
		go func() {
			_, err := Do(t.Context(), w.Service, "", hangs)
			errs <- err
		}()
		synctest.Wait()
		w.tell((*done)(nil)) // as good a bug as any
		want(t, <-errs, "stopped")
		synctest.Wait()
		got, err := Do(t.Context(), w.Service, "", answer("on"))
		if got != "on" || err != nil {
			t.Fatal(got, err)
		}
	})
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
