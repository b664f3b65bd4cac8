package metrics

import (
	"cmp"
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"recall/wire"
)

// clock is a time that only the test moves.
type clock struct{ at time.Time }

func newClock() *clock { return &clock{time.Unix(1_700_000_000, 0)} }

func (c *clock) now() time.Time          { return c.at }
func (c *clock) forward(d time.Duration) { c.at = c.at.Add(d) }

func TestCourseOfARecall(t *testing.T) {
	t.Parallel()
	at := newClock()
	r := newRecorder(at.now)
	id, begun := wire.NewID(), at.now()
	c := r.Course(id, wire.InputVoice)
	at.forward(5 * time.Millisecond) // before the first stage
	for _, stage := range []string{"transcribing", "transcribing", "searching", "answering", "searching"} {
		c.Stage(stage)
		at.forward(100 * time.Millisecond)
	}
	c.End("done", 300*time.Millisecond, nil)
	want := SlowRecall{
		RecallID: id, Kind: "voice", StartedAt: wire.At(begun), TotalMS: 505, AddedMS: 205, Ended: "done",
		Stages: []Stage{{"transcribing", 200}, {"searching", 100}, {"answering", 100}, {"searching", 100}},
	}
	s := r.Stats()
	if len(s.Slowest) != 1 || !reflect.DeepEqual(s.Slowest[0], want) {
		t.Errorf("%+v, want %+v", s.Slowest, want)
	}
	if o := s.Operations["resolve_recall"]; o.Count != 1 || o.MaxMS != 505 || o.Errors != 0 {
		t.Errorf("resolve_recall %+v", o)
	}
	if o := s.Operations["resolve_recall_added"]; o.Count != 1 || o.MaxMS != 205 {
		t.Errorf("resolve_recall_added %+v", o)
	}
	if o := s.Stages["searching"]; o.Count != 2 || o.AvgMS != 100 {
		t.Errorf("searching %+v", o)
	}
	if o := s.Stages["recognizing"]; o.Count != 0 {
		t.Errorf("a stage that was not passed: %+v", o)
	}
}

func TestCourseThatFails(t *testing.T) {
	t.Parallel()
	at := newClock()
	r := newRecorder(at.now)
	c := r.Course(wire.NewID(), wire.InputText)
	at.forward(time.Second)
	c.End("failed", 2*time.Second, errors.New("x")) // calls side by side may outlast the recall
	c.Stage("searching")                            // too late to count
	s := r.Stats()
	if o := s.Operations["resolve_recall"]; o.Errors != 1 {
		t.Errorf("%+v", o)
	}
	if slow := s.Slowest[0]; slow.AddedMS != 0 || slow.Ended != "failed" || slow.Stages == nil || len(slow.Stages) != 0 {
		t.Errorf("%+v", slow)
	}
}

func TestStagesOfOneRecallAreBounded(t *testing.T) {
	t.Parallel()
	r := NewRecorder()
	c := r.Course(wire.NewID(), wire.InputText)
	for range 1000 {
		c.Stage("searching")
		c.Stage("answering")
	}
	c.End("done", 0, nil)
	s := r.Stats()
	if n := len(s.Slowest[0].Stages); n != mostStages || s.Stages["answering"].Count != 1000 {
		t.Errorf("%d stages kept, %d measured", n, s.Stages["answering"].Count)
	}
}

// The twenty slowest of the last thousand, compared with sorting them all.
func TestSlowest(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{0, 1, 19, 20, 21, 999, 1000, 1001, 1500, 2345} {
		var s slowest
		var all []SlowRecall
		for i := range n {
			one := SlowRecall{TotalMS: float64(random.IntN(50)), AddedMS: float64(i)} // with equal ones
			all = append(all, one)
			s.add(one)
		}
		last := slices.Clone(all[max(0, n-1000):])
		slices.SortFunc(last, func(a, b SlowRecall) int {
			return cmp.Or(cmp.Compare(b.TotalMS, a.TotalMS), cmp.Compare(b.AddedMS, a.AddedMS))
		})
		if got, want := s.top(), last[:min(len(last), 20)]; got == nil || !slices.EqualFunc(got, want, func(a, b SlowRecall) bool { return reflect.DeepEqual(a, b) }) {
			t.Errorf("of %d: %+v, want %+v", n, got, want)
		}
	}
}
