package provider

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"

	"recall/actors/provider/fault"
)

// listening is a caller of a stream of numbers, whose pieces it lets pass one by one.
type listening struct {
	pieces chan int
	got    <-chan result
}

func listen(ctx context.Context, s *Service, call func(context.Context, func(int)) (string, error)) listening {
	l := listening{pieces: make(chan int)}
	got := make(chan result, 1)
	l.got = got
	go func() {
		text, err := Stream(ctx, s, "key", func(n int) { l.pieces <- n }, call)
		close(l.pieces)
		got <- result{text, err}
	}()
	return l
}

func (l listening) all() (pieces []int) {
	for n := range l.pieces {
		pieces = append(pieces, n)
	}
	return pieces
}

func TestALateJoinerGetsEveryPiece(t *testing.T) {
	world(t, Config{}, func(t *testing.T, w *testWorld) {
		more := make(chan struct{})
		call := func(_ context.Context, tell func(int)) (string, error) {
			tell(1)
			tell(2)
			<-more
			tell(3)
			return "all", nil
		}
		first := listen(t.Context(), w.Service, call)
		if a, b := <-first.pieces, <-first.pieces; a != 1 || b != 2 {
			t.Fatal(a, b)
		}
		late := listen(t.Context(), w.Service, call)
		slow := listen(t.Context(), w.Service, call) // reads nothing until the end
		synctest.Wait()
		if a, b := <-late.pieces, <-late.pieces; a != 1 || b != 2 {
			t.Fatal(a, b)
		}
		close(more)
		if a, b := <-first.pieces, <-late.pieces; a != 3 || b != 3 {
			t.Fatal(a, b)
		}
		if got := slow.all(); !slices.Equal(got, []int{1, 2, 3}) {
			t.Fatal(got)
		}
		for _, l := range []listening{first, late, slow} {
			if got := <-l.got; got.text != "all" || got.err != nil {
				t.Fatal(got)
			}
		}
		if n := w.tally.of("coalesced whisper"); n != 2 {
			t.Fatal(n)
		}
	})
}

func TestAStreamThatBrokeIsNotMadeAgain(t *testing.T) {
	world(t, Config{}, func(t *testing.T, w *testWorld) {
		calls := 0
		call := func(told bool) func(context.Context, func(int)) (string, error) {
			return func(_ context.Context, tell func(int)) (string, error) {
				if calls++; told {
					tell(calls)
				}
				return "", &fault.Fault{Class: fault.Unavailable}
			}
		}
		broken := listen(t.Context(), w.Service, call(true))
		if got := broken.all(); !slices.Equal(got, []int{1}) || calls != 1 {
			t.Fatal(got, calls)
		}
		want(t, (<-broken.got).err, "unavailable")
		calls = 0
		silent := listen(t.Context(), w.Service, call(false))
		if silent.all(); calls != 2 {
			t.Fatalf("%d calls: before the first piece it may be made again", calls)
		}
	})
}

func TestWhoLeavesAStreamIsToldNothingMore(t *testing.T) {
	world(t, Config{}, func(t *testing.T, w *testWorld) {
		ctx, leave := context.WithCancel(t.Context())
		var told []int
		_, err := Stream(ctx, w.Service, "", func(n int) {
			told = append(told, n)
			leave()
		}, func(_ context.Context, tell func(int)) (string, error) {
			tell(1)
			tell(2)
			return "all", nil
		})
		want(t, err, "canceled")
		if len(told) != 1 {
			t.Fatal(told)
		}
	})
}
