package app

import (
	"context"
	"testing"
	"time"

	"recall/actors/recall"
	"recall/server/metrics"
	"recall/wire"
)

// resolving is a resolver that is nothing but this.
type resolving func(ctx context.Context) recall.Outcome

func (r resolving) Resolve(ctx context.Context, _ recall.Job, emit func(wire.Event)) recall.Outcome {
	emit(&wire.RecallStatus{Stage: wire.StageSearching})
	return r(ctx)
}

// A user's wish is no error, the end of the budget is one, and a crash is counted as
// well: the slowest recalls and the errors say so.
func TestHowRecallsEnd(t *testing.T) {
	t.Parallel()
	failed := recall.Failed(wire.Errorf(wire.CodeUnavailable, "away"), nil)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	expired, done := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer done()
	for want, c := range map[string]struct {
		ctx     context.Context
		resolve resolving
		errors  int64
	}{
		"done": {t.Context(), func(context.Context) recall.Outcome {
			return recall.Outcome{Terminal: &wire.RecallCompleted{Status: wire.StatusDone}}
		}, 0},
		"failed":    {t.Context(), func(context.Context) recall.Outcome { return failed }, 1},
		"cancelled": {cancelled, func(context.Context) recall.Outcome { return failed }, 0},
		"expired":   {expired, func(context.Context) recall.Outcome { return failed }, 1},
	} {
		recorder := metrics.NewRecorder()
		timed{next: c.resolve, recorder: recorder}.Resolve(c.ctx, recall.Job{RecallID: wire.NewID()}, func(wire.Event) {})
		s := recorder.Stats()
		if len(s.Slowest) != 1 || s.Slowest[0].Ended != want || s.Operations["resolve_recall"].Errors != c.errors {
			t.Errorf("%s: %+v, %+v", want, s.Slowest, s.Operations["resolve_recall"])
		}
		if s.Stages["searching"].Count != 1 || s.ActiveRecalls != 0 {
			t.Errorf("%s: %+v, %d active", want, s.Stages, s.ActiveRecalls)
		}
	}
}

func TestCrashIsRecorded(t *testing.T) {
	t.Parallel()
	recorder := metrics.NewRecorder()
	defer func() {
		if recover() == nil {
			t.Error("the crash is for the thread to know")
		}
		if s := recorder.Stats(); len(s.Slowest) != 1 || s.Slowest[0].Ended != "failed" || s.Operations["resolve_recall"].Errors != 1 {
			t.Errorf("%+v", s.Slowest)
		}
	}()
	crash := resolving(func(context.Context) recall.Outcome { panic("of a test") })
	timed{next: crash, recorder: recorder}.Resolve(t.Context(), recall.Job{RecallID: wire.NewID()}, func(wire.Event) {})
}
