package metrics

import (
	"cmp"
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
	at.forward(20 * time.Millisecond) // accepted, stored
	c := r.Course(id)
	at.forward(5 * time.Millisecond) // before the first stage
	for _, stage := range []string{"transcribing", "transcribing", "searching", "answering", "searching"} {
		c.Stage(stage)
		at.forward(100 * time.Millisecond)
	}
	c.End(300 * time.Millisecond)
	if s := r.Stats(); len(s.Slowest) != 0 || s.Operations["resolve_recall"].Count != 0 {
		t.Errorf("shown before its end: %+v", s.Slowest)
	}
	at.forward(75 * time.Millisecond) // its conclusion is stored
	r.Ended(id, wire.InputVoice, "done", at.now().Sub(begun))
	want := SlowRecall{
		RecallID: id, Kind: "voice", StartedAt: wire.At(begun), TotalMS: 600, AddedMS: 300, Ended: "done",
		Stages: []Stage{{"transcribing", 200}, {"searching", 100}, {"answering", 100}, {"searching", 100}},
	}
	s := r.Stats()
	if len(s.Slowest) != 1 || !reflect.DeepEqual(s.Slowest[0], want) {
		t.Errorf("%+v, want %+v", s.Slowest, want)
	}
	if o := s.Operations["resolve_recall"]; o.Count != 1 || o.MaxMS != 600 || o.Errors != 0 {
		t.Errorf("resolve_recall %+v", o)
	}
	if o := s.Operations["resolve_recall_added"]; o.Count != 1 || o.MaxMS != 300 {
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
	r := NewRecorder()
	id := wire.NewID()
	r.Course(id).End(2 * time.Second) // calls side by side may outlast the recall
	r.Ended(id, wire.InputText, "failed", time.Second)
	r.Ended(wire.NewID(), wire.InputText, "expired", 0)   // came to no work
	r.Ended(wire.NewID(), wire.InputText, "cancelled", 0) // is nobody's fault
	s := r.Stats()
	if o := s.Operations["resolve_recall"]; o.Errors != 2 || o.Count != 3 {
		t.Errorf("%+v", o)
	}
	if slow := s.Slowest[0]; slow.AddedMS != 0 || slow.Ended != "failed" || slow.Stages == nil || len(slow.Stages) != 0 {
		t.Errorf("%+v", slow)
	}
}

func TestStagesOfOneRecallAreBounded(t *testing.T) {
	t.Parallel()
	r := NewRecorder()
	id := wire.NewID()
	c := r.Course(id)
	for range 1000 {
		c.Stage("searching")
		c.Stage("answering")
	}
	c.End(0)
	r.Ended(id, wire.InputText, "done", 0)
	s := r.Stats()
	if n := len(s.Slowest[0].Stages); n != mostStages || s.Stages["answering"].Count != 1000 {
		t.Errorf("%d stages kept, %d measured", n, s.Stages["answering"].Count)
	}
}

// A work whose recall's end is never heard of does not stay for ever.
func TestWorksWithoutAnEndAreBounded(t *testing.T) {
	t.Parallel()
	r := NewRecorder()
	for range mostCourses + 10 {
		r.Course(wire.NewID()).End(0)
	}
	if n := len(r.courses.done); n != mostCourses {
		t.Errorf("%d are kept", n)
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
