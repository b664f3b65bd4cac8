package gateway

import (
	"strings"
	"sync"
	"testing"

	"recall/wire"
)

func TestOutboxGoodbye(t *testing.T) {
	t.Parallel()
	for _, drop := range []bool{false, true} {
		o := newOutbox(10, 1000)
		a, late := ok("a"), ok("late")
		o.put(a)
		drain(o)
		o.put(a)
		g := wire.NewGoodbye(wire.CloseRestart, "bye", 1)
		if v, first := o.close(g, drop); v != queued || !first {
			t.Error("a writer is awake, and it is the first goodbye")
		}
		if _, first := o.close(wire.NewGoodbye(wire.CloseTooSlow, "again", 0), true); first {
			t.Error("a second goodbye counts")
		}
		if o.put(late) != queued {
			t.Error("a frame behind the goodbye is not quietly dropped")
		}
		got, last := drain(o)
		if drop && len(got) != 1 || !drop && len(got) != 2 || last != g || !strings.Contains(string(got[len(got)-1].Bytes), `"goodbye"`) {
			t.Errorf("drop %v: %d frames, %v", drop, len(got), last)
		}
	}
	o := newOutbox(10, 1000)
	if v, _ := o.close(wire.NewGoodbye(wire.CloseRestart, "bye", 1), false); v != wake {
		t.Error("nobody writes the goodbye")
	}
}

func TestOutboxEnd(t *testing.T) {
	t.Parallel()
	o := newOutbox(1, 1000)
	o.put(ok("a"))
	o.end()
	for range 10 {
		if o.put(ok("b")) != queued {
			t.Fatal("a socket that is gone takes frames")
		}
	}
	if _, first := o.close(wire.NewGoodbye(wire.CloseRestart, "bye", 0), false); first {
		t.Error("goodbye to nobody")
	}
	if got, last := drain(o); len(got) != 0 || last != nil {
		t.Errorf("%d frames, %v", len(got), last)
	}
}

// TestOutboxConcurrent: every frame is written, and once.
func TestOutboxConcurrent(t *testing.T) {
	t.Parallel()
	const senders, each = 4, 500
	o := newOutbox(senders*each, 1<<30)
	frames := [senders][each]*wire.Frame{}
	for s := range senders {
		for i := range each {
			frames[s][i] = ok("x")
		}
	}
	var mu sync.Mutex
	var written []*wire.Frame
	var all sync.WaitGroup
	write := func() {
		got, _ := drain(o)
		mu.Lock()
		defer mu.Unlock()
		written = append(written, got...)
	}
	for s := range senders {
		all.Go(func() {
			for _, f := range frames[s] {
				if o.put(f) == wake {
					write()
				}
			}
		})
	}
	all.Wait()
	if len(written) != senders*each {
		t.Fatalf("%d frames of %d", len(written), senders*each)
	}
	seen := map[*wire.Frame]bool{}
	for _, f := range written {
		if seen[f] {
			t.Fatal("a frame was written twice")
		}
		seen[f] = true
	}
}

func BenchmarkOutbox(b *testing.B) {
	f := ok("x")
	b.Run("keeps up", func(b *testing.B) {
		b.ReportAllocs()
		o := newOutbox(256, 1<<20)
		for b.Loop() {
			o.put(f)
			drain(o)
		}
	})
	b.Run("lags", func(b *testing.B) {
		b.ReportAllocs()
		o := newOutbox(256, 1<<20)
		for seq := int64(1); b.Loop(); seq++ {
			if o.put(delta(seq, "four words of text ")) == overflow || seq%128 == 0 {
				drain(o)
			}
		}
	})
}
