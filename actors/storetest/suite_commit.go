package storetest

import (
	"errors"
	"sync"

	"recall/wire"
)

func commitRefusesStaleFence(w *world) {
	x := w.thread()
	x.say()
	y := x.again()
	c := x.ask()
	c.Deleted = true
	w.is(w.store.Commit(w.Context(), c), wire.ErrStale)
	y.sees(wire.PageQuery{Limit: 5}, false, 1)
	y.say()
	same(w, "open recalls", len(y.again().Open), 0)
}

func commitRefusesLowerSeq(w *world) {
	x := w.thread()
	x.seq = 5
	x.say()
	x.seq = 3
	w.is(w.store.Commit(w.Context(), x.ask()), wire.ErrStale)
	x.unchanged(6)
}

// The answer to a commit can be lost: the same one again succeeds and is not
// written twice.
func commitCanBeRepeated(w *world) {
	x := w.thread()
	c := x.write(x.ask())
	x.write(c)
	x.write(c)
	x.sees(wire.PageQuery{Limit: 5}, false, c.Seq)
	ended := x.write(x.end(c.Accepted.ID))
	x.write(ended)
	w.is(w.store.Commit(w.Context(), c), wire.ErrStale) // by now it lies behind
	x.unchanged(ended.Seq)
}

func deletingCanBeRepeated(w *world) {
	x := w.thread()
	c := x.step()
	c.Deleted = true
	x.write(c)
	x.write(c)
	w.is(w.store.Commit(w.Context(), x.step()), wire.ErrStale)
}

func commitNeedsThread(w *world) {
	c := &wire.Commit{ThreadID: wire.NewID(), Owner: w.user, Fence: 1, Seq: 1}
	w.is(w.store.Commit(w.Context(), c), wire.ErrStale)
}

// Many activations of one thread write at once, each believing that it owns the
// thread: only what the last one wrote is there.
func exactlyOneActivationWins(w *world) {
	x := w.thread()
	const rivals = 8
	steps := make([]*wire.Commit, rivals)
	for i := range steps {
		steps[i] = x.again().ask()
	}
	errs := make([]error, rivals)
	var all sync.WaitGroup
	for i, c := range steps {
		all.Go(func() { errs[i] = w.store.Commit(w.Context(), c) })
	}
	all.Wait()
	for i, err := range errs[:rivals-1] {
		if !errors.Is(err, wire.ErrStale) {
			w.Errorf("rival %d: error %v, want %v", i, err, wire.ErrStale)
		}
	}
	w.ok(errs[rivals-1])
	open := x.again().Open
	same(w, "recalls", len(open), 1)
	same(w, "recall of the winner", open[0].ID, steps[rivals-1].Accepted.ID)
}

func duplicateRequestWritesNothing(w *world) {
	x := w.thread()
	first := x.asked()
	seq := x.seq
	c := x.ask()
	c.Accepted.RequestID = first.RequestID
	c.Thread = &wire.Thread{Title: "changed"}
	w.is(w.store.Commit(w.Context(), c), wire.ErrDuplicate)
	x.sees(wire.PageQuery{Limit: 5}, false, seq)
	y := x.again()
	same(w, "seq", y.Thread.Seq, seq)
	same(w, "title", y.Thread.Title, "a thread")
	same(w, "open recalls", len(y.Open), 1)
}

func duplicateRequestAcrossThreads(w *world) {
	first := w.thread().asked()
	c := w.thread().ask()
	c.Accepted.RequestID = first.RequestID
	w.is(w.store.Commit(w.Context(), c), wire.ErrDuplicate)
}

func requestsAreTheUsersOwn(w *world) {
	mine := w.thread().asked()
	w.user = wire.NewID()
	x := w.thread()
	c := x.ask()
	c.Accepted.RequestID = mine.RequestID
	x.write(c)
}

func recallEndsOnce(w *world) {
	x := w.thread()
	r := x.asked()
	x.write(x.end(r.ID))
	seq := x.seq
	again := x.end(r.ID)
	again.Postings = []*wire.Posting{x.posting(again.Seq)}
	if err := w.store.Commit(w.Context(), again); err == nil || errors.Is(err, wire.ErrStale) {
		w.Fatalf("a second end: error %v, want one that is not about the fence", err)
	}
	x.unchanged(seq)
}

func unknownRecallWritesNothing(w *world) {
	x, other := w.thread(), w.thread()
	r := other.asked()
	c := x.end(r.ID) // open, but not of this thread
	c.Postings = []*wire.Posting{x.posting(c.Seq)}
	if err := w.store.Commit(w.Context(), c); err == nil {
		w.Fatal("another thread's recall was ended")
	}
	x.sees(wire.PageQuery{Limit: 5}, false)
	same(w, "open recalls of the other", len(other.again().Open), 1)
}
