package app

import (
	"context"
	"testing"
	"time"

	"recall/actors/recall"
	"recall/server/metrics"
	"recall/wire"
)

// crashing is a resolver that gets as far as searching.
type crashing struct{}

func (crashing) Resolve(_ context.Context, _ recall.Job, emit func(wire.Event)) recall.Outcome {
	emit(&wire.RecallStatus{Stage: wire.StageSearching})
	panic("of a test")
}

// The work of a recall that crashes is recorded like any other.
func TestCrashIsRecorded(t *testing.T) {
	t.Parallel()
	recorder, id := metrics.NewRecorder(), wire.NewID()
	defer func() {
		if recover() == nil {
			t.Error("the crash is for the thread to know")
		}
		recorder.Ended(id, wire.InputText, "failed", time.Second)
		s := recorder.Stats()
		if len(s.Slowest) != 1 || len(s.Slowest[0].Stages) != 1 || s.Operations["resolve_recall"].Errors != 1 || s.ActiveRecalls != 0 {
			t.Errorf("%+v, %d active", s.Slowest, s.ActiveRecalls)
		}
	}()
	timed{next: crashing{}, recorder: recorder}.Resolve(t.Context(), recall.Job{RecallID: id}, func(wire.Event) {})
}
