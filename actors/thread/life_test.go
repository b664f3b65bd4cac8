package thread

import (
	"context"
	"errors"
	"testing"
	"time"

	"recall/wire"
)

func TestPassivationOnlyWhenNobodyNeedsIt(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	idle := func() bool { r.feed(Idle{}); return r.stopped }
	r.subscribe(ann)
	r.want(!idle(), "left a subscriber")
	r.feed(Gone{Peer: ann})
	r.hold("load")
	delete(r.shelf, r.id)
	r.send(ben, "l", &wire.MessagesList{BeforeSeq: ptr(int64(1))})
	r.want(!idle(), "left a reader")
	r.hold("admit")
	r.release()
	r.hold("admit", "commit")
	r.ask(eve, r.newID(), "x")
	r.feed(Gone{Peer: eve})
	r.want(!idle(), "left an admission")
	r.releaseAt(0)
	r.want(!idle(), "left a commit")
	r.release()
	r.want(!idle(), "left a recall")
	for id := range r.running {
		r.resolve(id, done())
	}
	r.want(idle(), "stays for nobody")
	r.wantCode(r.send(ann, "g", &wire.ThreadGet{}), wire.CodeUnavailable)
}

// A thread that somebody follows stays awake, but keeps nothing for those who come back
// after it was quiet for so long that it would have been gone without the follower.
func TestAQuietThreadForgetsItsHistory(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.runToEnd(ann, "x")
	all := r.events(ann)
	last := all[len(all)-1]
	reply, missed := r.resume(ben, last.Epoch, all[0].Seq)
	r.want(reply.Recovered && len(missed) == len(all)-1, "before: %+v and %d events", reply, len(missed))
	r.feed(Idle{})
	r.want(!r.stopped, "left a subscriber")
	reply, missed = r.resume(eve, last.Epoch, all[0].Seq)
	r.want(!reply.Recovered && len(missed) == 0, "a part of what was forgotten came: %+v and %d events", reply, len(missed))
	reply, _ = r.resume(eve, last.Epoch, last.Seq)
	r.want(reply.Recovered, "a client that missed nothing has to reload: %+v", reply)
	r.runToEnd(ann, "y")
	reply, missed = r.resume(eve, last.Epoch, last.Seq)
	r.want(reply.Recovered && len(missed) > 0, "after it: %+v and %d events", reply, len(missed))
}

func TestWakingGoesOnWithTheNumbering(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.runToEnd(ann, "x")
	before := r.events(ann)
	last := before[len(before)-1]
	r.wake()
	reply, missed := r.resume(ann, last.Epoch, last.Seq)
	r.want(reply.Recovered && len(missed) == 0, "a client that missed nothing has to reload: %+v", reply)
	r.runToEnd(ann, "y")
	next := r.events(ann)[0]
	r.want(next.Epoch == last.Epoch && next.Seq == last.Seq+1, "%d of %s follows %d of %s", next.Seq, next.Epoch, last.Seq, last.Epoch)
}

func TestCrashWithOpenRecallsRunsThemAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	request := r.newID()
	first := r.ask(ann, request, "first")
	r.now = r.now.Add(time.Second)
	second := r.ask(ann, r.newID(), "second")
	for range 3 {
		r.ask(ann, r.newID(), "more")
	}
	epoch := r.events(ann)[0].Epoch
	r.wake()
	reply, _ := r.resume(ben, epoch, 3)
	r.want(!reply.Recovered && reply.Epoch != epoch && reply.Active == first, "%+v", reply)
	r.want(r.ask(ann, request, "first") == first, "a repeat does not join: %v", r.frames[ann]) // although the queue is full
	r.want(len(r.running) == 1 && r.running[first].Recall.Input.Text == "first", "runs %v", r.running)
	r.resolve(first, done())
	r.send(ann, "c", &wire.CancelRecall{RecallID: second})
	for _, id := range []wire.ID{first, second} {
		r.want(r.terminals(ben, id) == 1, "%d ends", r.terminals(ben, id))
	}
	r.dense(ben)
	for id := range r.running {
		r.resolve(id, done())
	}
}

func TestCrashAfterTheBudgetExpires(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	id := r.ask(ann, r.newID(), "x")
	r.now = r.now.Add(time.Minute)
	r.wake()
	r.subscribe(ann)
	r.due()
	r.want(r.terminals(ann, id) == 1, "no end")
	r.noSlots()
}

func TestRequestsWaitForTheThread(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{Parked: 3})
	r.hold("activate")
	r.wake()
	for range 5 {
		r.send(ann, "g", &wire.ThreadGet{})
	}
	r.wantTypes(r.frames[ann], "error", "error")
	r.feed(Idle{})
	r.want(!r.stopped, "stopped while loading")
	r.release()
	r.wantTypes(r.frames[ann], "error", "error", "thread", "thread", "thread")
}

func TestThreadThatCannotBeReadStops(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.hold("activate")
	r.wake()
	r.mem.FailNext("Activate", wire.Unavailable())
	r.send(ann, "g", &wire.ThreadGet{})
	r.release()
	r.wantCode(r.frames[ann], wire.CodeUnavailable)
	r.want(r.stopped, "stays without its row")
}

func TestForeignUserFindsNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	id := r.ask(ann, r.newID(), "x")
	stranger := r.newID()
	for _, c := range []wire.Command{
		&wire.ThreadCreate{}, &wire.ThreadGet{}, &wire.ThreadUpdate{Title: ptr("x")}, &wire.ThreadDelete{},
		&wire.ThreadSubscribe{AfterSeq: ptr(int64(0)), Epoch: "1"}, &wire.ThreadUnsubscribe{}, &wire.MessagesList{},
		question(r.newID(), "x"), &wire.CancelRecall{RecallID: id}, &wire.Judge{MessageID: id}, &wire.StashEdit{Add: true}, &wire.StashEdit{},
	} {
		fs := r.sendAs(stranger, eve, "1", c)
		r.wantCode(fs, wire.CodeNotFound)
	}
	r.want(len(r.running) == 1 && !r.subscribed[eve], "a stranger had an effect")
}

// unborn is a rig whose thread does not exist yet.
func unborn(t *testing.T) *rig {
	r := newRig(t, Config{})
	r.id = r.newID()
	r.wake()
	r.listed = 0
	return r
}

func TestCreate(t *testing.T) {
	t.Parallel()
	r := unborn(t)
	r.wantCode(r.send(ann, "g", &wire.ThreadGet{}), wire.CodeNotFound)
	f := r.send(ann, "c", &wire.ThreadCreate{Title: ptr("mine")})[0]
	r.want(f.Type == "thread" && f.Thread.Title == "mine" && f.Thread.Seq == 0 && f.Thread.Epoch != "", "%+v", f.Thread)
	r.want(r.subscribed[ann], "the maker is not subscribed")
	r.want(r.listed == 1, "the kept thread list was not dropped")
	r.want(r.send(ben, "c", &wire.ThreadCreate{Title: ptr("other")})[0].Thread.Title == "mine", "a repeat changed it")
	r.runToEnd(ann, "x")
	r.dense(ann)
}

func TestCreateInVain(t *testing.T) {
	t.Parallel()
	r := unborn(t)
	r.hold("activate")
	r.send(ann, "c", &wire.ThreadCreate{})
	r.send(ben, "g", &wire.ThreadGet{})
	if _, err := r.mem.Create(context.Background(), r.newID(), wire.Thread{ID: r.id}); err != nil { // somebody was faster
		t.Fatal(err)
	}
	r.release()
	r.wantCode(r.frames[ann], wire.CodeNotFound)
	r.wantCode(r.frames[ben], wire.CodeNotFound)
	r.feed(Idle{})
	r.want(r.stopped, "stays for nothing")
}

func TestCreateFails(t *testing.T) {
	t.Parallel()
	r := unborn(t)
	r.mem.FailNext("Create", errors.New("odd"))
	r.wantCode(r.send(ann, "c", &wire.ThreadCreate{}), wire.CodeInternal)
	r.want(r.stopped, "stays in doubt")
}
