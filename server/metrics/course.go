package metrics

import (
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
	seconds := r.histogram("recall_resolve_seconds", "Time to resolve a recall, by the kind of its input.", "kind", recallBuckets)
	added := r.histogram("recall_resolve_added_seconds", "Time to resolve a recall without that of the outside services.", "kind", recallBuckets)
	return newNamed(func(name string) *kind { return &kind{seconds.WithLabelValues(name), added.WithLabelValues(name)} }, knownKinds...)
}

// Course is the record of one recall being resolved, for its one goroutine.
type Course struct {
	r      *Recorder
	recall SlowRecall
	begun  time.Time
	since  time.Time // the stage's beginning
	stage  string    // empty before the first
}

// Course begins the record of a recall. Nothing of it shows before its End.
func (r *Recorder) Course(id wire.ID, kind wire.InputKind) *Course {
	now := r.now()
	return &Course{r: r, begun: now, recall: SlowRecall{RecallID: id, Kind: string(kind), StartedAt: wire.At(now), Stages: []Stage{}}}
}

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
	if len(c.recall.Stages) < mostStages {
		c.recall.Stages = append(c.recall.Stages, Stage{Stage: s.name, MS: ms(took)})
	}
	c.stage = ""
}

// End records the recall: the state that it ended in, the time of it during which
// only outside services were waited for, and the error, if it failed. It is called once.
func (c *Course) End(ended string, outside time.Duration, err error) {
	now := c.r.now()
	c.leave(now)
	took := now.Sub(c.begun)
	added := max(0, took-outside)
	c.r.ops.of("resolve_recall").observe(took, failure(err))
	c.r.ops.of("resolve_recall_added").observe(added, false)
	k := c.r.kinds.of(c.recall.Kind)
	k.seconds.Observe(took.Seconds())
	k.added.Observe(added.Seconds())
	c.recall.TotalMS, c.recall.AddedMS, c.recall.Ended = ms(took), ms(added), ended
	c.r.slow.add(c.recall)
}
