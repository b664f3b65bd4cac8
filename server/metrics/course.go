package metrics

import (
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"recall/wire"
)

// mostStages bounds the stages that are kept of one recall. A plan passes each of the
// six once or twice.
const mostStages = 24

// stage is the record of one stage of recalls.
type stage struct {
	*operation
	seconds prometheus.Observer
}

// kind is the record of recalls with one kind of input.
type kind struct{ seconds, added prometheus.Observer }

func (r *Recorder) newStages() *named[*stage] {
	seconds := r.histogram("recall_stage_seconds", "Time of each stage of recalls.", "stage", recallBuckets)
	return newNamed(func(name string) *stage { return &stage{newOperation(name), seconds.WithLabelValues(name)} }, knownStages...)
}

func (r *Recorder) newKinds() *named[*kind] {
	seconds := r.histogram("recall_resolve_seconds", "Time of a recall from its question to its terminal event, by the kind of its input.", "kind", recallBuckets)
	added := r.histogram("recall_resolve_added_seconds", "The same without the time of the outside services.", "kind", recallBuckets)
	return newNamed(func(name string) *kind { return &kind{seconds.WithLabelValues(name), added.WithLabelValues(name)} }, knownKinds...)
}

// Course is the record of the work on one recall, for its one goroutine.
type Course struct {
	r       *Recorder
	id      wire.ID
	since   time.Time // the stage's beginning
	stage   string    // empty before the first
	stages  []Stage
	outside time.Duration
}

// Course begins the record of a recall's work. It shows when the recall has ended, see
// [Recorder.Ended].
func (r *Recorder) Course(id wire.ID) *Course { return &Course{r: r, id: id, stages: []Stage{}} }

// Stage says that a stage begins, which ends the one before. The same name again
// goes on with the stage.
func (c *Course) Stage(name string) {
	if name == c.stage {
		return
	}
	now := c.r.now()
	c.leave(now)
	c.stage, c.since = name, now
}

func (c *Course) leave(now time.Time) {
	if c.stage == "" {
		return
	}
	took := now.Sub(c.since)
	s := c.r.stages.of(c.stage)
	s.observe(took, false)
	s.seconds.Observe(took.Seconds())
	if len(c.stages) < mostStages {
		c.stages = append(c.stages, Stage{Stage: s.name, MS: ms(took)})
	}
	c.stage = ""
}

// End ends the work: during so much of it only outside services were waited for. It is
// called once, before the recall is said to have ended.
func (c *Course) End(outside time.Duration) {
	c.leave(c.r.now())
	c.outside = outside
	c.r.courses.keep(c)
}

// mostCourses bounds the works that have ended while their recalls have not. The end of
// some is never heard of: another activation has it.
const mostCourses = 10_000

// courses are the works whose recalls have not ended yet. It is safe for concurrent use.
type courses struct {
	mu   sync.Mutex
	done map[wire.ID]*Course
}

func (c *courses) keep(one *Course) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.done) >= mostCourses {
		for id := range c.done { // any
			delete(c.done, id)
			break
		}
	}
	c.done[one.id] = one
}

// take gives the work of a recall, an empty one if it did not come to that.
func (c *courses) take(id wire.ID) *Course {
	c.mu.Lock()
	defer c.mu.Unlock()
	one, worked := c.done[id]
	if !worked {
		return &Course{stages: []Stage{}}
	}
	delete(c.done, id)
	return one
}

// Ended counts an accepted recall by the state that it ended in, and records what it
// took from the question's arrival to its terminal event, stored: that is what somebody
// waited for. What failed or ran out of time counts as an error of resolve_recall.
func (r *Recorder) Ended(recallID wire.ID, kind wire.InputKind, state string, took time.Duration) {
	c := r.courses.take(recallID)
	added := max(0, took-c.outside)
	r.ended.inc(state)
	failed := state == string(wire.RecallFailedEnd) || state == string(wire.RecallExpireEnd)
	r.ops.of("resolve_recall").observe(took, failed)
	r.ops.of("resolve_recall_added").observe(added, false)
	k := r.kinds.of(string(kind))
	k.seconds.Observe(took.Seconds())
	k.added.Observe(added.Seconds())
	r.slow.add(SlowRecall{
		RecallID: recallID, Kind: string(kind), StartedAt: wire.At(r.now().Add(-took)),
		TotalMS: ms(took), AddedMS: ms(added), Ended: state, Stages: c.stages,
	})
}
