package thread

import (
	"errors"
	"testing"
	"time"

	"recall/actors/user"
	"recall/wire"
)

func TestCancel(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	runs, waits := r.ask(ann, r.newID(), "runs"), r.ask(ann, r.newID(), "waits")
	for _, id := range []wire.ID{waits, runs, runs} { // the second time it has ended
		r.want(r.send(ben, "c", &wire.CancelRecall{RecallID: id})[0].Type == "ok", "no ok")
	}
	for _, id := range []wire.ID{waits, runs} {
		r.want(r.terminals(ann, id) == 1, "%d ends", r.terminals(ann, id))
	}
	r.wantTypes(r.events(ann)[4:], "recall.started", "recall.cancelled", "recall.cancelled")
	r.noSlots()
	r.want(len(r.running) == 0, "still at work")
}

func TestWhatWasFoundStaysAfterCancel(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	id := r.ask(ann, r.newID(), "x")
	r.progress(id, offer(1, 0.3))
	r.progress(id, offer(2, 0.4))
	r.progress(id, offer(1, 0.6)) // replaces
	r.send(ann, "c", &wire.CancelRecall{RecallID: id})
	r.progress(id, offer(3, 0.9)) // too late
	r.resolve(id, done(song(3, 0.9)))
	stored := r.stored()
	r.want(len(stored) == 3 && *stored[1].Confidence == 0.6 && stored[2].SongTitle == "Title 2", "stored %d", len(stored))
	r.want(r.terminals(ann, id) == 1, "ended twice")
}

func TestBudgetCountsFromAcceptance(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	start := r.now
	runs := r.ask(ann, r.newID(), "runs")
	r.now = start.Add(10 * time.Second)
	waits := r.ask(ann, r.newID(), "waits")
	r.now = start.Add(54 * time.Second)
	r.due()
	r.want(r.terminals(ann, runs) == 0, "expired too early")
	r.now = start.Add(55 * time.Second)
	r.due()
	r.want(r.terminals(ann, runs) == 1 && r.terminals(ann, waits) == 0, "not expired")
	r.want(r.running[waits].Deadline.Equal(start.Add(65*time.Second)), "deadline %v", r.running[waits].Deadline)
	r.now = start.Add(65 * time.Second)
	r.due()
	r.wantTypes(r.events(ann)[len(r.events(ann))-1:], "recall.expired")
	r.noSlots()
}

func TestWaitingRecallExpires(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	runs := r.ask(ann, r.newID(), "runs")
	waits := r.ask(ann, r.newID(), "waits")
	r.feed(Due{RecallID: waits})
	r.want(r.terminals(ann, waits) == 1 && r.terminals(ann, runs) == 0, "wrong one ended")
	r.want(len(r.running) == 1, "the running one was stopped")
}

func TestEndIsRepeatedUntilStored(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	id := r.ask(ann, r.newID(), "x")
	r.mem.FailNext("Commit", wire.Unavailable())
	r.resolve(id, done())
	r.want(r.terminals(ann, id) == 0 && len(r.held) == 1, "the end was given up")
	r.wantCode(r.send(ann, "2", question(r.newID(), "meanwhile")), wire.CodeUnavailable)
	r.release()
	r.want(r.terminals(ann, id) == 1, "no end")
	r.dense(ann)
	r.noSlots()
}

func TestEndThatCannotBeStoredBecomesFailed(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	id := r.ask(ann, r.newID(), "x")
	r.mem.FailNext("Commit", errors.New("constraint"))
	r.resolve(id, done(song(1, 0.9)))
	r.wantTypes(r.events(ann)[3:], "recall.failed")
	r.noSlots()
}

func TestActivationStopsWhenNoEndCanBeStored(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	id := r.ask(ann, r.newID(), "x")
	r.hold("admit", "load")
	r.ask(eve, r.newID(), "in admission")
	delete(r.shelf, r.id)
	r.send(ben, "l", &wire.MessagesList{BeforeSeq: ptr(int64(1))})
	r.mem.FailNext("Commit", errors.New("constraint"))
	r.mem.FailNext("Commit", errors.New("constraint"))
	r.resolve(id, done())
	r.want(r.stopped && r.disowned == 1, "goes on")
	r.wantCode(r.frames[eve], wire.CodeUnavailable)
	r.wantCode(r.frames[ben], wire.CodeUnavailable)
	r.want(r.terminals(ann, id) == 0, "an end that is not stored was told")
	r.holding = nil
	r.wake()
	r.want(len(r.running) == 1, "the next activation does not take it up")
}

func TestOvertakenActivationTellsAndStops(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.runToEnd(ann, "before")
	seen := len(r.events(ann))
	next := *r // the same store, another activation
	next.wake()
	r.hold("commit")
	r.ask(ann, r.newID(), "mine")
	r.send(ben, "u", &wire.ThreadUpdate{Title: ptr("mine")})
	r.hold("commit", "admit")
	r.ask(eve, r.newID(), "in admission")
	r.releaseAt(0) // the commit
	r.wantCode(r.frames[ben], wire.CodeUnavailable)
	r.wantCode(r.frames[eve], wire.CodeUnavailable)
	r.want(r.stopped && r.disowned == 1, "goes on")
	r.release() // the limits admit too late
	r.noSlots()
	r.send(ann, "l", &wire.MessagesList{})
	r.want(len(r.events(ann)) == seen, "an overtaken activation publishes")
	r.want(len(next.stored()) == 1, "an overtaken activation wrote")
}

func TestOvertakenInDoubtStaysCounted(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.mem.LoseAnswer(wire.ErrUnsure)
	request := r.newID()
	r.ask(ann, request, "applied, but nobody knows")
	next := *r
	next.wake() // finds it open
	r.release()
	r.want(r.stopped && r.users.refunds == 0, "a recall that runs elsewhere was refunded")
	next.want(len(next.running) == 1, "it does not run elsewhere")
}

// A fault on the second try says nothing of the first: only the next activation
// can know whether the recall is stored.
func TestDoubtThatNothingClearsEndsTheActivation(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.mem.LoseAnswer(wire.ErrUnsure)
	r.ask(ann, r.newID(), "applied, but nobody knows")
	r.mem.FailNext("Commit", wire.Unavailable())
	r.releaseAt(0)
	r.mem.FailNext("Commit", errors.New("odd"))
	r.release()
	r.want(r.stopped && r.users.refunds == 0, "goes on in doubt")
	r.wake()
	r.want(len(r.running) == 1, "an accepted recall does not run")
}

// A recall that comes back late from the limits must not be taken for a newer
// one of the same request_id.
func TestLateAdmissionIsRefunded(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.hold("admit")
	request := r.newID()
	r.ask(ann, request, "x")
	late := r.held[0].(Admit).Recall
	r.feed(Admitted{Request: request, RecallID: late.ID, Err: wire.Unavailable()})
	r.ask(ann, request, "x")
	r.held = r.held[1:]
	r.feed(Admitted{Request: request, RecallID: late.ID, Decision: user.Decision{RecallID: late.ID, At: r.now}})
	r.want(len(r.stored()) == 0 && len(r.running) == 0, "ran without an admission")
	r.release()
	r.want(len(r.running) == 1, "the newer one does not run")
}

func TestLateWordsOfARecallAreIgnored(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	id := r.runToEnd(ann, "x")
	seen := len(r.events(ann))
	r.progress(id, offer(1, 0.9))
	r.resolve(id, done())
	r.feed(Due{RecallID: id})
	r.feed(Committed{})
	r.feed(Stalled{})
	r.want(len(r.events(ann)) == seen, "heard after its end")
}
