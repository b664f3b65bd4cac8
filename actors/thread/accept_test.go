package thread

import (
	"slices"
	"testing"
	"time"

	"recall/wire"
)

func TestRecallFromAcceptanceToItsEnd(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.subscribe(ben)
	id := r.ask(ann, r.newID(), "  that song with the whistle ")
	r.progress(id, &wire.RecallStatus{Stage: wire.StageSearching})
	r.progress(id, offer(1, 0.5))
	r.resolve(id, &wire.RecallCompleted{
		Status: wire.StatusRefining, Candidates: []wire.Candidate{song(1, 0.5)},
		Answer: &wire.Answer{Text: "perhaps this"}, FollowUp: "When was it?", Degraded: []wire.Degraded{},
	})
	r.wantTypes(r.frames[ann], "recall.accepted", "message", "thread.updated", "recall.started", "recall.status",
		"recall.candidate", "message", "message", "message", "recall.completed")
	r.want(r.frames[ann][0].Limits, "the limits do not follow the acceptance")
	r.wantTypes(r.events(ben), types(r.events(ann))...)
	r.dense(ann)
	r.want(r.events(ann)[0].Seq == 1, "numbers begin at %d", r.events(ann)[0].Seq)
	want := []wire.PostingType{wire.TypeText, wire.TypeAnswer, wire.TypeCandidate, wire.TypeFollowUp}
	same := slices.EqualFunc(r.stored(), want, func(p *wire.Posting, kind wire.PostingType) bool { return p.Type == kind })
	r.want(same, "stored %d messages, want %v", len(r.stored()), want)
	r.noSlots()
}

func TestNothingDurableIsPublishedBeforeItIsStored(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.hold("commit")
	r.subscribe(ben)
	r.ask(ann, r.newID(), "first")
	r.want(len(r.events(ben)) == 0 && len(r.frames[ann]) == 0, "told before it was stored: %v", r.frames)
	r.releaseAt(0)
	id := r.frames[ann][0].RecallID
	r.wantTypes(r.events(ben), "message", "thread.updated", "recall.started")
	r.send(ann, "u", &wire.ThreadUpdate{Title: ptr("named")})
	r.progress(id, &wire.RecallStatus{Stage: wire.StageSearching})
	r.want(len(r.events(ben)) == 3, "a volatile event overtook a durable one")
	r.release()
	r.wantTypes(r.events(ben)[3:], "thread.updated", "recall.status")
	r.dense(ben)
}

func TestFailedAcceptanceLeavesNoGap(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.subscribe(ben)
	r.mem.FailNext("Commit", wire.Unavailable())
	r.wantCode(r.send(ann, "1", question(r.newID(), "lost")), wire.CodeUnavailable)
	r.noSlots()
	r.want(r.users.refunds == 1 && len(r.users.byRequest) == 0, "the limits still count it")
	r.runToEnd(ann, "kept")
	r.dense(ben)
	r.want(r.events(ben)[0].Seq == 1, "the failed one left a gap")
}

func TestUnsureAcceptanceTellsAndRunsLater(t *testing.T) {
	t.Parallel()
	for _, applied := range []bool{true, false} {
		r := newRig(t, Config{})
		if applied {
			r.mem.LoseAnswer(wire.ErrUnsure)
		} else {
			r.mem.FailNext("Commit", wire.ErrUnsure)
		}
		request := r.newID()
		r.wantCode(r.send(ann, "1", question(request, "doubtful")), wire.CodeUnavailable)
		r.wantCode(r.send(ben, "2", question(request, "doubtful")), wire.CodeUnavailable) // no end in sight: told at once
		r.wantCode(r.send(ben, "3", &wire.ThreadUpdate{Title: ptr("x")}), wire.CodeUnavailable)
		r.release()
		r.want(len(r.running) == 1, "applied %v: the recall does not run", applied)
		again := r.ask(ann, request, "doubtful")
		r.want(!again.IsZero() && r.running[again].Recall.ID == again, "the repeat did not join")
		r.resolve(again, done())
		r.want(r.terminals(ann, again) == 1, "no end")
		r.dense(ann)
		r.noSlots()
	}
}

func TestLostAnswerOfTheLimitsIsRefunded(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.hold("admit")
	r.ask(ann, r.newID(), "x")
	lost := r.held[0].(Admit).Recall
	r.users.admit(r.now, lost)
	r.held = nil
	r.feed(Admitted{Request: lost.RequestID, RecallID: lost.ID, Err: wire.Unavailable()})
	r.wantCode(r.frames[ann], wire.CodeUnavailable)
	r.noSlots()
}

func TestRefusalByTheLimits(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.users.refuse = wire.RateLimited(wire.PolicyMinute, time.Second)
	fs := r.send(ann, "1", question(r.newID(), "x"))
	r.wantCode(fs, wire.CodeRateLimited)
	r.want(fs[0].Limits && len(r.stored()) == 0, "limits %v, stored %d", fs[0].Limits, len(r.stored()))
}

func TestBusyBehindOneRunningAndFourWaiting(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	first := r.newID()
	running := r.ask(ann, first, "0")
	for range 4 {
		r.want(!r.ask(ann, r.newID(), "waits").IsZero(), "refused too early")
	}
	r.want(len(r.running) == 1, "%d run at once", len(r.running))
	r.wantCode(r.send(ann, "6", question(r.newID(), "too many")), wire.CodeBusy)
	r.want(r.ask(ben, first, "0") == running, "a full queue keeps a repeat from joining")
	r.resolve(running, done())
	r.want(!r.ask(ann, r.newID(), "now").IsZero(), "no place after an end")
}

func TestTitleFromTheFirstQuestion(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	long := "a very long question about a song that was on the radio every single day"
	r.runToEnd(ann, long)
	title := r.send(ann, "g", &wire.ThreadGet{})[0].Thread.Title
	r.want(len([]rune(title)) <= titleLength+1 && title[:13] == "a very long q", "title %q", title)
	r.runToEnd(ann, "second")
	r.send(ann, "u", &wire.ThreadUpdate{Title: ptr("mine")})
	r.runToEnd(ann, "third")
	r.want(r.send(ann, "g", &wire.ThreadGet{})[0].Thread.Title == "mine", "a question renamed the thread")
}

func TestMessageTimesNeverGoBack(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.runToEnd(ann, "late")
	r.now = r.now.Add(-time.Hour) // the clock was set back
	r.runToEnd(ann, "early", song(1, 0.5))
	stored := r.stored()
	r.want(slices.IsSortedFunc(stored, func(a, b *wire.Posting) int { return a.CreatedAt.Compare(b.CreatedAt.Time) }), "times go back")
}
