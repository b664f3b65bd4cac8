package provider

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"recall/actors/provider/fault"
)

// held is a call that waits to be let go, and counts how often it is made.
type held struct {
	made    atomic.Int32
	release chan struct{}
	ended   chan error // of its context
}

func hold() *held { return &held{release: make(chan struct{}), ended: make(chan error, 10)} }

func (h *held) call(ctx context.Context) (string, error) {
	h.made.Add(1)
	select {
	case <-h.release:
		return "answer", nil
	case <-ctx.Done():
		h.ended <- ctx.Err()
		return "", ctx.Err()
	}
}

// result is what a caller got.
type result struct {
	text string
	err  error
}

func doing(ctx context.Context, s *Service, key string, call func(context.Context) (string, error)) <-chan result {
	got := make(chan result, 1)
	go func() {
		text, err := Do(ctx, s, key, call)
		got <- result{text, err}
	}()
	return got
}

func TestEqualKeysAreOneCall(t *testing.T) {
	world(t, Config{AtOnce: 1, Waiting: -1}, func(t *testing.T, w *testWorld) {
		h := hold()
		var callers []<-chan result
		for range 10 {
			callers = append(callers, doing(t.Context(), w.Service, "key", h.call))
		}
		synctest.Wait()
		close(h.release)
		for _, c := range callers {
			if got := <-c; got.text != "answer" || got.err != nil {
				t.Fatal(got)
			}
		}
		if n := h.made.Load(); n != 1 || w.tally.of("coalesced whisper") != 9 {
			t.Fatalf("%d calls, %v", n, w.tally.counts)
		}
		want(t, (<-doing(t.Context(), w.Service, "key", h.call)).err, "")
		if n := h.made.Load(); n != 2 {
			t.Fatalf("a later call is a new one: %d", n)
		}
	})
}

func TestOtherRequestsAreCallsOfTheirOwn(t *testing.T) {
	world(t, Config{}, func(t *testing.T, w *testWorld) {
		h := hold()
		callers := []<-chan result{
			doing(t.Context(), w.Service, "", h.call), doing(t.Context(), w.Service, "", h.call),
			doing(t.Context(), w.Service, "a", h.call), doing(t.Context(), w.Service, "b", h.call),
		}
		n, err := Do(t.Context(), w.Service, "a", func(context.Context) (int, error) { return 7, nil })
		if n != 7 || err != nil {
			t.Fatal("a key means nothing to answers of another kind", n, err)
		}
		close(h.release)
		for _, c := range callers {
			want(t, (<-c).err, "")
		}
		if n := h.made.Load(); n != 4 {
			t.Fatal(n)
		}
	})
}

func TestTheLastLeaverEndsASharedCall(t *testing.T) {
	world(t, Config{}, func(t *testing.T, w *testWorld) {
		h := hold()
		firstCtx, firstLeaves := context.WithCancel(t.Context())
		lastCtx, lastLeaves := context.WithCancel(t.Context())
		first := doing(firstCtx, w.Service, "key", h.call)
		synctest.Wait()
		last := doing(lastCtx, w.Service, "key", h.call)
		synctest.Wait()

		firstLeaves()
		want(t, (<-first).err, "canceled")
		synctest.Wait()
		if len(h.ended) != 0 {
			t.Fatal("the call ended although somebody waits")
		}
		lastLeaves()
		want(t, (<-last).err, "canceled")
		<-h.ended
		synctest.Wait()
		if st := w.Status(); h.made.Load() != 1 || st != (Status{State: Closed}) {
			t.Fatalf("%d calls, %+v", h.made.Load(), st)
		}
	})
}

func TestWhoComesAfterTheLastLeaverStartsAnew(t *testing.T) {
	world(t, Config{}, func(t *testing.T, w *testWorld) {
		stubborn := make(chan struct{})
		ctx, leave := context.WithCancel(t.Context())
		first := doing(ctx, w.Service, "key", func(context.Context) (string, error) {
			<-stubborn
			return "of the first", nil
		})
		synctest.Wait()
		leave()
		<-first
		got, err := Do(t.Context(), w.Service, "key", answer("of the second"))
		if got != "of the second" || err != nil {
			t.Fatal(got, err)
		}
		close(stubborn)
	})
}

func TestAJoinerWithMoreTimeKeepsTheCall(t *testing.T) {
	world(t, Config{Timeout: 10 * time.Second}, func(t *testing.T, w *testWorld) {
		h := hold()
		hurried, done := context.WithTimeout(t.Context(), time.Second)
		defer done()
		first := doing(hurried, w.Service, "key", h.call)
		synctest.Wait()
		second := doing(t.Context(), w.Service, "key", h.call)
		want(t, (<-first).err, "timeout")
		synctest.Wait() // so that a call that ends with its first caller would have ended
		close(h.release)
		want(t, (<-second).err, "")
	})
}

func TestWhoLeavesTheQueueGivesItsPlaceThere(t *testing.T) {
	world(t, Config{AtOnce: 1, Waiting: 1}, func(t *testing.T, w *testWorld) {
		h := hold()
		runs := doing(t.Context(), w.Service, "", h.call)
		synctest.Wait()
		ctx, leave := context.WithCancel(t.Context())
		waits := doing(ctx, w.Service, "", h.call)
		synctest.Wait()
		leave()
		want(t, (<-waits).err, "canceled")
		next := doing(t.Context(), w.Service, "", h.call)
		synctest.Wait()
		if st := w.Status(); st.Running != 1 || st.Waiting != 1 {
			t.Fatalf("%+v", st)
		}
		close(h.release)
		want(t, (<-runs).err, "")
		want(t, (<-next).err, "")
		if n := h.made.Load(); n != 2 {
			t.Fatalf("%d calls", n)
		}
	})
}

// Without the optimisation each caller has a call of its own.
func TestNoCoalescingSharesNothing(t *testing.T) {
	world(t, Config{NoCoalescing: true}, func(t *testing.T, w *testWorld) {
		h := hold()
		first := doing(t.Context(), w.Service, "clip", h.call)
		second := doing(t.Context(), w.Service, "clip", h.call)
		synctest.Wait()
		if st := w.Status(); st.Running != 2 {
			t.Fatalf("%+v", st)
		}
		close(h.release)
		want(t, (<-first).err, "")
		want(t, (<-second).err, "")
	})
}

func TestAnswersAreKept(t *testing.T) {
	world(t, Config{Answers: Answers{Bytes: 1 << 20, TTL: time.Hour}}, func(t *testing.T, w *testWorld) {
		calls := 0
		ask := func(key, answer string) []int {
			var pieces []int
			got, err := Stream(t.Context(), w.Service, key, func(n int) { pieces = append(pieces, n) },
				func(_ context.Context, tell func(int)) (string, error) {
					calls++
					tell(1)
					tell(2)
					return answer, nil
				})
			if got != answer || err != nil {
				t.Fatal(got, err)
			}
			return pieces
		}
		for range 3 {
			if got := ask("known", "words"); !slices.Equal(got, []int{1, 2}) {
				t.Fatal(got)
			}
		}
		if calls != 1 || w.tally.of("hit answers whisper") != 2 || w.tally.of("miss answers") != 1 {
			t.Fatal(calls, w.tally.counts)
		}
		time.Sleep(time.Hour + time.Minute) // the bubble's
		if ask("known", "words"); calls != 2 {
			t.Fatal("kept for too long")
		}
		ask("unknown", "")
		if ask("unknown", ""); calls != 4 {
			t.Fatal("an empty answer is not kept")
		}
		ask("", "words")
		if ask("", "words"); calls != 6 {
			t.Fatal("without a key nothing is kept")
		}
		if _, found := w.kept.cache.GetIfPresent(named[func(int) string]("")); found {
			t.Fatal("what nobody can ask for is kept")
		}
		_, err := Do(t.Context(), w.Service, "fails", func(context.Context) (string, error) {
			return "half an answer", &fault.Fault{Class: fault.BadInput}
		})
		want(t, err, "bad_input")
		if got, err := Do(t.Context(), w.Service, "fails", answer("now")); got != "now" || err != nil {
			t.Fatal("a failure is kept", got, err)
		}
	})
}

func TestPiecesAfterTheEndAreTooLate(t *testing.T) {
	t.Parallel()
	tape := &tape{}
	tape.add("in time")
	tape.end("result", nil)
	tape.add("too late")
	tape.end("another", &fault.Fault{Class: fault.Timeout})
	var told []any
	got, err := tape.follow(t.Context(), func(p any) { told = append(told, p) })
	if got != "result" || err != nil || len(told) != 1 {
		t.Fatal(got, err, told)
	}
}

// TestCallersComeAndGo has many callers join, leave and answer at once; the race
// detector looks on, and at the end no place may be taken.
func TestCallersComeAndGo(t *testing.T) {
	world(t, Config{AtOnce: 3, Waiting: 3}, func(t *testing.T, w *testWorld) {
		var callers []<-chan result
		for i := range 300 {
			ctx, leave := context.WithTimeout(t.Context(), time.Duration(i%7)*time.Millisecond+1)
			defer leave()
			callers = append(callers, doing(ctx, w.Service, fmt.Sprint(i%11), func(ctx context.Context) (string, error) {
				select {
				case <-time.After(time.Duration(i%5) * time.Millisecond): // the bubble's
					return "answer", nil
				case <-ctx.Done():
					return "", ctx.Err()
				}
			}))
		}
		for _, c := range callers {
			<-c
		}
		synctest.Wait()
		if st := w.Status(); st.Running+st.Waiting != 0 {
			t.Fatalf("%+v", st)
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		if len(w.open)+len(w.shared) != 0 {
			t.Fatalf("%d flights are left", len(w.open))
		}
	})
}
