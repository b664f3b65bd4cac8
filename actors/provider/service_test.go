package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"recall/actors/provider/fault"
)

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

// The patience of the last caller ends the call, and speaks against the service only
// when it was half the service's own time.
func TestTheLastPatienceCountsAsATimeout(t *testing.T) {
	for patience, failures := range map[time.Duration]int{5 * time.Second: 1, 4999 * time.Millisecond: 0} {
		for _, key := range []string{"", "shared by nobody else"} {
			t.Run(key+patience.String(), func(t *testing.T) {
				world(t, Config{Timeout: 10 * time.Second}, func(t *testing.T, w *testWorld) {
					ctx, done := context.WithTimeout(t.Context(), patience)
					defer done()
					_, err := Do(ctx, w.Service, key, hangs)
					want(t, err, "timeout")
					synctest.Wait()
					if st := w.Status(); st.Failures != failures || st.Running != 0 {
						t.Fatalf("%+v", st)
					}
				})
			})
		}
	}
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

func TestNobodyIsAskedForWhoHasLeft(t *testing.T) {
	t.Parallel()
	f := &flight{tape: &tape{}}
	f.call = func(context.Context, func(any)) (any, error) { panic("called") }
	ctx, leave := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer leave()
	f.ctx = ctx
	if _, flt := (&job{flight: f}).run(); flt.Class != fault.Canceled {
		t.Fatalf("%v counts although nothing was asked", flt)
	}
}

func TestAnotherCallsAnswerStaysItsOwn(t *testing.T) {
	world(t, Config{Failures: 2}, func(t *testing.T, w *testWorld) {
		pausing := doing(t.Context(), w.Service, "", func(context.Context) (string, error) {
			return "", errors.New("reset")
		})
		synctest.Wait()
		text, err := Do(t.Context(), w.Service, "", func(context.Context) (string, error) {
			return "so far", &fault.Fault{Class: fault.Unavailable, Final: true}
		})
		if want(t, err, "unavailable"); text != "so far" {
			t.Fatal(text)
		}
		if got := <-pausing; got.text != "" || got.err == nil {
			t.Fatal("the breaker opened and ended the retry", got)
		}
	})
}

func TestWorkersDoNotStay(t *testing.T) {
	world(t, Config{}, func(t *testing.T, w *testWorld) {
		before := w.actors()
		for range 5 {
			Do(t.Context(), w.Service, "", answer("fine"))
			Do(t.Context(), w.Service, "", func(context.Context) (string, error) { panic("a bug") })
		}
		synctest.Wait()
		if after := w.actors(); after != before {
			t.Fatalf("%d actors before, %d after", before, after)
		}
	})
}

func TestStopEndsEverything(t *testing.T) {
	world(t, Config{AtOnce: 2, Answers: Answers{1 << 20, time.Hour}}, func(t *testing.T, w *testWorld) {
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
