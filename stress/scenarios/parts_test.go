package scenarios

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"

	"recall/stress/device"
)

func head(kind, thread, raw string) *device.Head {
	return &device.Head{Type: []byte(kind), ThreadID: []byte(thread), Raw: []byte(raw)}
}

// Two devices were told the same when only the cut of the pieces differs; another text or
// another order is another story.
func TestStory(t *testing.T) {
	t.Parallel()
	tell := func(frames ...*device.Head) *story {
		s := newStory("a")
		for _, f := range frames {
			s.add(f)
		}
		return s
	}
	piece := func(text string) *device.Head { return head("recall.answer.delta", "a", `{"text":"`+text+`"}`) }
	begin, end := head("recall.started", "a", "begin"), head("recall.completed", "a", "end")
	want := tell(begin, piece("one "), piece("two"), end)
	for name, c := range map[string]struct {
		story *story
		same  bool
	}{
		"merged":         {tell(begin, piece("one two"), end), true},
		"another thread": {tell(begin, head("message", "b", "x"), piece("one two"), end), true},
		"a piece less":   {tell(begin, piece("one "), end), false},
		"another order":  {tell(begin, end, piece("one two")), false},
		"nothing":        {tell(), false},
	} {
		if (c.story.told() == want.told()) != c.same {
			t.Errorf("%s: the same is %v", name, !c.same)
		}
	}
	if want.length() != 2 {
		t.Errorf("%d events", want.length())
	}
}

func TestHoles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		seqs      []int64
		direction string
		want      int
	}{
		{[]int64{1, 2, 3}, "after_seq", 0},
		{[]int64{3, 2, 1}, "before_seq", 0},
		{[]int64{1, 3}, "after_seq", 1},
		{[]int64{3, 2, 2}, "before_seq", 1},
		{[]int64{2, 1, 3}, "after_seq", 2},
	} {
		if got := holesIn(c.seqs, c.direction, 3); got != c.want {
			t.Errorf("%v by %s: %d holes, not %d", c.seqs, c.direction, got, c.want)
		}
	}
}

func TestMistakeFitsItsAnswerOnly(t *testing.T) {
	t.Parallel()
	m := mistake{want: "bad_request|not_found", id: "7"}
	for _, c := range []struct {
		f    device.Frame
		want bool
	}{
		{device.Frame{Type: "error", ID: "7", Code: "bad_request"}, true},
		{device.Frame{Type: "error", ID: "7", Code: "not_found"}, true},
		{device.Frame{Type: "error", ID: "8", Code: "bad_request"}, false},
		{device.Frame{Type: "error", ID: "7", Code: "internal"}, false},
		{device.Frame{Type: "pong", ID: "7"}, false},
	} {
		if m.fits(c.f) != c.want {
			t.Errorf("%+v fits: %v", c.f, !c.want)
		}
	}
}

// What is fuzzed is repeatable by its seed, never empty, and nearly always no JSON.
func TestBrokenFrames(t *testing.T) {
	t.Parallel()
	a, b, valid := rand.New(rand.NewPCG(1, 2)), rand.New(rand.NewPCG(1, 2)), 0
	for range 2000 {
		frame := broken(a)
		if !slices.Equal(frame, broken(b)) {
			t.Fatal("the seed does not tell it all")
		}
		if len(frame) == 0 || len(frame) > 64<<10 {
			t.Errorf("a frame of %d bytes", len(frame))
		}
		if json.Valid(frame) {
			valid++
		}
	}
	if valid == 0 || valid > 1000 {
		t.Errorf("%d of 2000 are JSON: too few or too many", valid)
	}
}
