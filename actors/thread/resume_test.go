package thread

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"recall/wire"
)

func TestResumeBridgesTheWholeGap(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	id := r.ask(ann, r.newID(), "x")
	r.progress(id, &wire.RecallStatus{Stage: wire.StageSearching})
	all := r.events(ann)
	for after := range len(all) + 1 {
		p := Peer{ID: fmt.Sprint("back", after)}
		reply, missed := r.resume(p, all[0].Epoch, int64(after))
		r.want(reply.Recovered && reply.Seq == int64(len(all)) && reply.Active == id, "after %d: %+v", after, reply)
		r.wantTypes(missed, types(all[after:])...)
		r.progress(id, &wire.AnswerDelta{Text: "."})
		r.dense(p)
		all = r.events(ann)
	}
}

func TestResumeDoesNotBridge(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{HistoryEvents: 3})
	r.runToEnd(ann, "x")
	epoch, last := r.events(ann)[0].Epoch, int64(len(r.events(ann)))
	for name, c := range map[string]*wire.ThreadSubscribe{
		"too old":           {Epoch: epoch, AfterSeq: ptr(last - 4)},
		"after_seq 0":       {Epoch: epoch, AfterSeq: ptr(int64(0))},
		"other epoch":       {Epoch: "other", AfterSeq: &last},
		"no epoch":          {AfterSeq: &last},
		"from the future":   {Epoch: epoch, AfterSeq: ptr(last + 1)},
		"far future":        {Epoch: epoch, AfterSeq: ptr(int64(math.MaxInt64))},
		"without after_seq": {Epoch: epoch},
	} {
		fs := r.send(Peer{ID: name}, "s", c)
		r.want(len(fs) == 1 && fs[0].Type == "subscribed" && !fs[0].Recovered && fs[0].Seq == last, "%s: %+v", name, fs)
	}
	reply, missed := r.resume(ben, epoch, last-3)
	r.want(reply.Recovered && len(missed) == 3, "the oldest kept event: %+v", reply)
}

func TestHistoryIsBoundedInBytes(t *testing.T) {
	t.Parallel()
	h := history{maxEvents: 1000, maxBytes: 1000}
	h.reset(0)
	for range 50 {
		h.keep([]byte(strings.Repeat("x", 300)))
	}
	if frames, _ := h.after(47); len(frames) != 3 || h.bytes != 900 || h.first != 48 {
		t.Fatalf("%d frames, %d bytes, first %d", len(frames), h.bytes, h.first)
	}
	h.keep(make([]byte, 2000)) // larger than all
	if _, ok := h.after(50); ok || len(h.blocks) != 0 {
		t.Fatal("a gap was bridged with nothing")
	}
	if _, ok := h.after(51); !ok {
		t.Fatal("nothing was missed, but it was not recovered")
	}
}

func TestResumeDuringACommit(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	id := r.ask(ann, r.newID(), "x")
	epoch := r.events(ann)[0].Epoch
	r.hold("commit")
	r.resolve(id, done(song(1, 0.9)))
	reply, _ := r.resume(ben, epoch, 3)
	r.want(reply.Recovered && reply.Seq == 3 && reply.Active == id, "%+v", reply)
	r.release()
	r.wantTypes(r.events(ben), types(r.events(ann)[3:])...)
	r.want(r.events(ben)[0].Seq == 4, "begins at %d", r.events(ben)[0].Seq)
}

func TestUnsubscribedHearNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.subscribe(ben)
	r.subscribe(eve)
	r.send(ben, "u", &wire.ThreadUnsubscribe{})
	r.send(ben, "u", &wire.ThreadUnsubscribe{}) // can be repeated
	delete(r.subscribed, eve)
	r.feed(Gone{Peer: eve})
	r.runToEnd(ann, "x")
	r.want(len(r.events(ben)) == 0, "ben hears")
	r.want(len(r.state.peers) == 1, "%d peers are kept", len(r.state.peers))
}

func TestDisconnectDoesNotCancel(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	id := r.ask(ann, r.newID(), "x")
	r.feed(Gone{Peer: ann})
	r.feed(Idle{})
	r.want(!r.stopped && len(r.running) == 1, "a dropped connection ended the recall")
	r.resolve(id, done(song(1, 0.5)))
	r.want(len(r.stored()) == 2, "the result is lost")
	r.feed(Idle{})
	r.want(r.stopped, "nobody needs it any more, but it stays")
}
