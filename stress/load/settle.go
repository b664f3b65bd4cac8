package load

import (
	"time"
)

// settle counts the end of a recall. Its time counts whatever the end, but for those
// that were taken back.
func (t *tally) settle(a *ask, end ending) {
	t.ended.Add(1)
	took := end.at.Sub(a.due)
	if end.degraded {
		t.degraded.Add(1)
	}
	wrong := took > slowest
	switch end.kind {
	case "recall.completed":
		t.completed.Add(1)
		if end.noMatch {
			t.noMatch.Add(1)
		}
	case "recall.cancelled":
		t.cancelled.Add(1)
		wrong = wrong || a.kind != Cancel
	case "recall.failed":
		t.failed.Add(1)
		wrong = true
	case "recall.expired":
		t.expired.Add(1)
		wrong = true
	}
	if wrong {
		t.fail("%s of a %s after %s", end.kind, a.kind, took.Round(10*time.Second))
	}
	if a.kind == Cancel {
		return
	}
	t.terminal.Record(took)
	if a.kind == Voice {
		t.voice.Record(took)
	} else {
		t.typed.Record(took)
	}
	a.step.settled(took, wrong)
}
