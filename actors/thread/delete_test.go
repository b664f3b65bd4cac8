package thread

import (
	"testing"

	"recall/wire"
)

func TestDeleteEndsRunsFirst(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	runs, waits := r.ask(ann, r.newID(), "runs"), r.ask(ann, r.newID(), "waits")
	seen := len(r.events(ann))
	r.want(r.send(ben, "d", &wire.ThreadDelete{})[0].Type == "ok", "no ok")
	r.wantTypes(r.events(ann)[seen:], "recall.cancelled", "recall.started", "recall.cancelled", "thread.deleted")
	r.want(r.terminals(ann, runs) == 1 && r.terminals(ann, waits) == 1, "ends")
	r.noSlots()
	for _, c := range []wire.Command{&wire.ThreadGet{}, &wire.ThreadDelete{}, question(r.newID(), "x"), &wire.ThreadCreate{}} {
		r.wantCode(r.send(ben, "x", c), wire.CodeNotFound)
	}
	r.feed(Idle{})
	r.want(r.stopped, "a deleted thread stays as long as its subscribers")
}

// A recall that is being stored when the deletion comes has been accepted all
// the same, and so it ends.
func TestDeleteBehindAnAcceptance(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.subscribe(ben)
	r.hold("commit")
	r.ask(ann, r.newID(), "just before")
	r.send(ben, "d", &wire.ThreadDelete{})
	r.hold("admit", "commit")
	r.ask(eve, r.newID(), "just behind")
	r.send(ben, "s", &wire.StashEdit{})
	r.release()
	id := r.frames[ann][0].RecallID
	r.wantTypes(r.events(ben), "message", "thread.updated", "recall.started", "recall.cancelled", "thread.deleted")
	r.want(r.terminals(ben, id) == 1, "accepted, but without an end")
	r.wantCode(r.replies(eve), wire.CodeNotFound)
	r.want(len(r.running) == 0, "still at work for a deleted thread")
	r.noSlots()
	r.dense(ben)
}

func TestFailedDeletionChangesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.mem.FailNext("Commit", wire.Unavailable())
	r.wantCode(r.send(ann, "d", &wire.ThreadDelete{}), wire.CodeUnavailable)
	r.want(r.send(ann, "g", &wire.ThreadGet{})[0].Type == "thread", "gone all the same")
}

func TestWhatWaitsForAPageLearnsOfTheDeletion(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.runToEnd(ann, "x", song(1, 0.5))
	clear(r.shelf)
	r.hold("load", "posting")
	r.send(ben, "s", &wire.StashEdit{Add: true})
	r.send(eve, "j", &wire.Judge{MessageID: r.stored()[1].ID, Verdict: wire.Confirmed})
	r.send(ann, "d", &wire.ThreadDelete{})
	r.release()
	r.want(r.frames[ben][0].Code == wire.CodeNotFound, "%+v", r.frames[ben])
	r.want(r.frames[eve][0].Type == "error", "%+v", r.frames[eve])
	r.feed(Idle{})
	r.want(r.stopped, "waits for ever")
}
