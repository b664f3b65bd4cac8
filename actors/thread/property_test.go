package thread

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"recall/wire"
)

// Whatever happens in whatever order (commands of several peers, outcomes of the
// store, results that come late, crashes, a second activation), afterwards:
// every accepted recall is stored and has ended once; every peer saw dense
// numbers, the same event under the same number as all others, and at most one
// end of a recall; the events of a recall begin with its start and close with its
// end; no slot is left; every command is answered once; a page is what the store
// holds.
func TestPromisesHoldInAnyOrder(t *testing.T) {
	t.Parallel()
	for range 5 { // of 100 runs each
		t.Run("", rapid.MakeCheck(func(t *rapid.T) {
			w := newWorld(t)
			t.Repeat(w.actions())
			w.quieten()
			w.judge()
		}))
	}
}

// quieten lets everything come to its end.
func (w *world) quieten() {
	for round := 0; ; round++ {
		w.doAll()
		w.stopIfStopped()
		for _, id := range []wire.ID{w.state.recalls.active()} {
			w.resolve(id, done())
		}
		if len(w.held) == 0 && !w.state.recalls.any() && !w.stopped {
			break
		}
		if round > 1000 {
			w.Fatalf("no end in sight: %d held, %+v", len(w.held), w.state.recalls)
		}
	}
	w.answered()
}

// judge holds what was seen against the promises.
func (w *world) judge() {
	w.noSlots()
	w.judgeReleases()
	w.judgePages()
	ended := map[wire.ID]bool{}
	for _, a := range w.rows() {
		ended[a.RecallID] = a.Ended
		if !a.Ended {
			w.Fatalf("recall %s has no end", a.RecallID)
		}
	}
	for _, id := range w.recalls {
		if !ended[id] {
			w.Fatalf("recall %s was accepted but is not stored", id)
		}
	}
	for p, views := range w.views {
		for _, v := range views {
			w.judgeView(p, v)
		}
	}
	views := w.views[watcher.ID]
	for i, v := range views {
		w.judgeOrder(v, i == len(views)-1)
	}
}

// judgeReleases checks what came back of the recalls that the limits let in: of one
// that was stored its slot, and never its place in the log; of any other both, unless
// it is in doubt whether it was stored. One activation gives a slot back once, as long
// as it learns what the limits have decided.
func (w *world) judgeReleases() {
	stored := map[wire.ID]bool{}
	for _, a := range w.rows() {
		stored[a.RecallID] = true
	}
	for id, returned := range w.users.returned {
		for _, e := range returned {
			if e.Refund && stored[id] || !e.Refund && !stored[id] && w.calm {
				w.Fatalf("recall %s is stored: %v, and was given back %+v", id, stored[id], returned)
			}
		}
		if len(returned) != 1 && w.calm {
			w.Fatalf("recall %s was given back %d times: %+v", id, len(returned), returned)
		}
	}
}

// judgePages compares the kept pages with the store.
func (w *world) judgePages() {
	for err := error(wire.Unavailable()); err != nil; { // faults that were meant for others
		_, err = w.mem.Page(context.Background(), wire.PageQuery{})
	}
	for _, before := range []int64{1 << 40, 0} {
		w.feed(Request{From: eve, ID: "page", User: w.owner, Command: &wire.MessagesList{BeforeSeq: ptr(before)}})
		w.doAll()
		f := w.frames[eve][len(w.frames[eve])-1]
		var want []int64
		for _, p := range w.stored() {
			want = append(want, p.Seq)
		}
		want = want[max(0, len(want)-wire.MaxMessages):]
		if f.Type == "messages" && !slices.Equal(seqs(f), want) {
			w.Fatalf("page before %d: %v, stored %v", before, seqs(f), want)
		}
	}
}

func (w *world) judgeView(peer string, view []frame) {
	for i, f := range view {
		if i > 0 && (f.Seq != view[i-1].Seq+1 || f.Epoch != view[i-1].Epoch) {
			w.Fatalf("%s saw %s/%d after %s/%d", peer, f.Epoch, f.Seq, view[i-1].Epoch, view[i-1].Seq)
		}
		place, what := fmt.Sprint(f.Epoch, "/", f.Seq), fmt.Sprint(f.Type, f.RecallID)
		if there, known := w.places[place]; known && there != what {
			w.Fatalf("%s saw %s at %s, others %s", peer, what, place, there)
		}
		w.places[place] = what
		if f.isTerminal() {
			key := fmt.Sprint(peer, f.RecallID)
			if w.ends[key]++; w.ends[key] > 1 {
				w.Fatalf("%s saw two ends of %s", peer, f.RecallID)
			}
		}
	}
}

// judgeOrder checks promise 2 on the view of one activation from its beginning.
func (w *world) judgeOrder(view []frame, whole bool) {
	last := map[wire.ID]string{}
	for _, f := range view {
		before, began := last[f.RecallID]
		switch {
		case f.RecallID.IsZero():
			continue
		case !began && f.Type != "recall.started" && !w.adopted[f.RecallID]:
			w.Fatalf("recall %s begins with %s", f.RecallID, f.Type)
		case began && f.Type == "recall.started", before == "end":
			w.Fatalf("recall %s: %s after %s", f.RecallID, f.Type, before)
		}
		last[f.RecallID] = f.Type
		if f.isTerminal() {
			last[f.RecallID] = "end"
		}
	}
	for id, event := range last {
		if whole && event != "end" {
			w.Fatalf("recall %s was seen to begin and not to end", id)
		}
	}
}
