package thread

import (
	"testing"
	"time"

	"recall/wire"
)

// A recall takes as long as somebody waits for it: its being stored, its place in the
// queue and the storing of its end are a part of it.
func TestARecallTakesAsLongAsItIsWaitedFor(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.hold("commit")
	r.ask(ann, r.newID(), "x")
	r.now = r.now.Add(3 * time.Second) // the store is slow to accept it
	r.release()
	r.now = r.now.Add(time.Second) // the work
	r.hold("commit")
	for id := range r.running {
		r.resolve(id, done())
	}
	r.now = r.now.Add(2 * time.Second) // and slow to take its end
	if len(r.meter.ended) != 0 {
		t.Fatalf("ended before it was stored: %v", r.meter.ended)
	}
	r.release()
	if got := r.meter.ended[string(wire.RecallDone)]; len(got) != 1 || got[0] != 6*time.Second {
		t.Errorf("took %v", r.meter.ended)
	}
}

// What a deletion ends is counted too.
func TestDeletedRecallsAreCounted(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.ask(ann, r.newID(), "runs")
	r.ask(ann, r.newID(), "waits")
	r.send(ann, "d", &wire.ThreadDelete{})
	if got := r.meter.ended[string(wire.RecallCancelEnd)]; len(got) != 2 {
		t.Errorf("counted %v", r.meter.ended)
	}
}
