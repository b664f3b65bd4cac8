package gateway

import (
	"slices"
	"strings"
	"testing"

	"recall/wire"
)

func ok(id string) *wire.Frame { return wire.Reply(id, wire.OK{}) }

func delta(seq int64, text string) *wire.Frame {
	return wire.EventFrame(wire.Envelope{Seq: seq, Epoch: "1"}, &wire.AnswerDelta{Text: text})
}

func newOutbox(frames, bytes int) *outbox { return &outbox{maxFrames: frames, maxBytes: bytes} }

// drain takes everything, as one turn of the writer.
func drain(o *outbox) (frames []*wire.Frame, last *wire.Goodbye) {
	for {
		some, g := o.take(writeBytes)
		if len(some) == 0 {
			return frames, g
		}
		frames = append(frames, some...)
	}
}

func TestOutboxWakesOneWriter(t *testing.T) {
	t.Parallel()
	o := newOutbox(10, 1000)
	a, b, c := ok("a"), ok("b"), ok("c")
	if o.put(a) != wake || o.put(b) != queued {
		t.Error("the first frame wakes the writer, the second finds it awake")
	}
	if got, _ := drain(o); !slices.Equal(got, []*wire.Frame{a, b}) || o.bytes != 0 || o.queue != nil {
		t.Errorf("%d frames, %d bytes are left", len(got), o.bytes)
	}
	if o.put(c) != wake {
		t.Error("a writer that has gone is not woken")
	}
}

func TestOutboxBounds(t *testing.T) {
	t.Parallel()
	o := newOutbox(3, 1<<20)
	for i := range 3 {
		if o.put(ok("x")) == overflow {
			t.Errorf("frame %d does not fit", i)
		}
	}
	if o.put(ok("x")) != overflow {
		t.Error("four frames where three are the most")
	}
	size := len(ok("x").Bytes)
	o = newOutbox(100, 3*size)
	o.put(ok("x"))
	o.put(ok("x"))
	if o.put(ok("x")) == overflow || o.put(ok("x")) != overflow {
		t.Errorf("%d bytes where %d are the most", o.bytes, o.maxBytes)
	}
}

func TestOutboxMergesOnlyForTheLate(t *testing.T) {
	t.Parallel()
	o := newOutbox(1000, 1<<20)
	for seq := range int64(100) {
		o.put(delta(seq+1, "a"))
	}
	if n := len(o.queue); n != mergeFrom {
		t.Errorf("%d frames are queued, want %d", n, mergeFrom)
	}
	o.put(ok("between")) // nothing is merged over it
	o.put(delta(101, "b"))
	o.put(delta(102, "b"))
	bytes := 0
	for _, f := range o.queue {
		bytes += len(f.Bytes)
	}
	if len(o.queue) != mergeFrom+2 || o.bytes != bytes {
		t.Errorf("%d frames; %d bytes are counted, %d are there", len(o.queue), o.bytes, bytes)
	}
	merged := string(o.queue[mergeFrom-1].Bytes)
	for _, part := range []string{`"first_seq":32,`, `"seq":100,`, `"` + strings.Repeat("a", 69) + `"`} {
		if !strings.Contains(merged, part) {
			t.Errorf("%s lacks %s", merged, part)
		}
	}
	// A client that never reads overflows, however much is merged, and no frame
	// grows without end.
	full := false
	for seq := int64(103); seq < 103+3000 && !full; seq++ {
		full = o.put(delta(seq, strings.Repeat("x", 1000))) == overflow
	}
	for _, f := range o.queue {
		if len(f.Bytes) > mergeUpTo+2000 {
			t.Fatalf("a frame of %d bytes", len(f.Bytes))
		}
	}
	if !full || len(o.queue) >= 1000 {
		t.Errorf("%d frames with %d bytes", len(o.queue), o.bytes)
	}
}

// A frame that is over the bound by itself is our doing: it must not cost a client
// that reads its connection.
func TestOutboxTakesOneLargeFrame(t *testing.T) {
	t.Parallel()
	o := newOutbox(10, 100)
	large := ok(strings.Repeat("x", 200))
	if o.put(large) != wake {
		t.Error("a large frame alone was refused")
	}
	if o.put(ok("y")) != overflow {
		t.Error("behind it the bound holds")
	}
}

func TestOutboxTellsWhenThereIsRoom(t *testing.T) {
	t.Parallel()
	o := newOutbox(4, 1000)
	for range 4 {
		o.put(ok("a"))
	}
	room := o.room()
	o.take(1)
	select {
	case <-room:
		t.Error("three of four are no room")
	default:
	}
	o.take(1)
	<-room
	<-o.room() // and it still is
}

// One write takes what fits, and a frame that is larger alone.
func TestOutboxFillsWrites(t *testing.T) {
	t.Parallel()
	o := newOutbox(10, 1<<20)
	large, small := ok(strings.Repeat("x", 200)), ok("a")
	for _, f := range []*wire.Frame{small, small, small, large, small} {
		o.put(f)
	}
	for i, want := range []int{2, 1, 1, 1} {
		if got, _ := o.take(2 * len(small.Bytes)); len(got) != want {
			t.Errorf("write %d takes %d frames, want %d", i, len(got), want)
		}
	}
	if o.bytes != 0 {
		t.Errorf("%d bytes are left", o.bytes)
	}
}
