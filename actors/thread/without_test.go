package thread

import (
	"testing"

	"recall/wire"
)

// Without coalescing every request has a query of its own, as many as there are.
func TestWithoutCoalescingEachRequestIsALoad(t *testing.T) {
	t.Parallel()
	r := filled(t, 3)
	r.state.cfg.Without.Coalescing = true
	r.hold("load")
	for n := range 100 {
		r.send(numbered(n), "l", &wire.MessagesList{})
	}
	r.want(len(r.held) == 100 && r.meter.coalesced["fetch_messages"] == 0, "%d loads", len(r.held))
	r.release()
	for n := range 100 {
		r.wantPage(r.frames[numbered(n)][0], 1, 3, false, false)
	}
}

// A repeated request_id joins also then: that is a promise.
func TestWithoutCoalescingARequestStillJoins(t *testing.T) {
	t.Parallel()
	r := filled(t, 0)
	r.state.cfg.Without.Coalescing = true
	request := r.newID()
	r.want(r.ask(ann, request, "x") == r.ask(ben, request, "x"), "two recalls of one request")
}

// Without the cache a recall reads its past each time, and it is the same.
func TestWithoutACacheARecallKnowsItsPast(t *testing.T) {
	t.Parallel()
	var past [][]int64
	for _, shelf := range []Shelf{pagesOf{}, NoShelf{}} {
		r := newRig(t, Config{})
		r.state = New(r.id, r.cfg, shelf)
		r.feed(Wake{})
		r.runToEnd(ann, "first", song(1, 0.5))
		id := r.ask(ann, r.newID(), "second")
		var seqs []int64
		for _, p := range r.running[id].History {
			seqs = append(seqs, p.Seq)
		}
		past = append(past, seqs)
		r.want(len(r.list(ann, wire.MessagesList{}).Messages) == len(r.stored()), "a page lacks something")
	}
	if len(past[0]) != 2 || len(past[1]) != 2 || past[0][1] != past[1][1] {
		t.Errorf("with the cache a recall knows %v, without it %v", past[0], past[1])
	}
}
