package storetest

import (
	"errors"
	"sync"

	"recall/wire"
)

// together commits all at once and returns what each was told.
func (w *world) together(commits ...*wire.Commit) []error {
	errs := make([]error, len(commits))
	var all sync.WaitGroup
	start := make(chan struct{})
	for i, c := range commits {
		all.Go(func() {
			<-start
			errs[i] = w.store.Commit(w.Context(), c)
		})
	}
	close(start)
	all.Wait()
	return errs
}

// told expects these outcomes, success where there is none.
func (w *world) told(errs []error, want map[int]error) {
	w.Helper()
	for i, err := range errs {
		if !errors.Is(err, want[i]) {
			w.Errorf("commit %d: error %v, want %v", i, err, want[i])
		}
	}
}

// many are threads of the user with the step that begins a recall on each.
func (w *world) many(n int) (threads []*writer, asks []*wire.Commit) {
	w.Helper()
	for range n {
		x := w.thread()
		threads, asks = append(threads, x), append(asks, x.ask())
	}
	return threads, asks
}

// However a store writes many commits at once, each has its own outcome and is
// there whole or not at all.
func manyAtOnce(w *world) {
	threads, asks := w.many(50)
	for range 2 { // the second time all answers were lost
		w.told(w.together(asks...), nil)
	}
	ends := make([]*wire.Commit, len(threads))
	for i, x := range threads {
		ends[i] = x.end(asks[i].Accepted.ID)
		ends[i].Postings = []*wire.Posting{x.posting(ends[i].Seq)}
		ends[i].Stash = &wire.StashItem{ThreadID: x.Thread.ID, TopSongTitle: "kept", CreatedAt: w.now()}
	}
	ends[8].Fence--
	ends[21].ThreadID = wire.NewID()
	ends[34] = asks[34]
	w.told(w.together(ends...), map[int]error{8: wire.ErrStale, 21: wire.ErrStale})
	for i, x := range threads {
		if i == 8 || i == 21 || i == 34 {
			x.sees(wire.PageQuery{Limit: 5}, false, 1)
			same(w, "open recalls", len(x.again().Open), 1)
			continue
		}
		x.sees(wire.PageQuery{Limit: 5}, false, 1, 2)
		same(w, "open recalls", len(x.again().Open), 0)
	}
}

// One that cannot be written does not take the others with it.
func badOneFailsAlone(w *world) {
	threads, asks := w.many(50)
	taken := threads[0].write(asks[0]).Postings[0]
	asks[17].Postings[0].ID = taken.ID
	errs := w.together(asks...)
	if err := errs[17]; err == nil || errors.Is(err, wire.ErrStale) || errors.Is(err, wire.ErrDuplicate) {
		w.Errorf("the bad one was told %v", err)
	}
	errs[17] = nil
	w.told(errs, nil)
	for i, x := range threads {
		want := 1
		if i == 17 {
			want = 0
		}
		same(w, "open recalls", len(x.again().Open), want)
	}
}

// Of recalls with one request_id on several threads at once, one is accepted.
func oneRequestAtOnce(w *world) {
	threads, asks := w.many(8)
	for _, c := range asks {
		c.Accepted.RequestID = asks[0].Accepted.RequestID
	}
	accepted := 0
	for i, err := range w.together(asks...) {
		x := threads[i]
		if err == nil {
			accepted++
			x.sees(wire.PageQuery{Limit: 5}, false, 1)
			continue
		}
		w.is(err, wire.ErrDuplicate)
		x.sees(wire.PageQuery{Limit: 5}, false)
		x.unchanged(0)
	}
	same(w, "accepted", accepted, 1)
}

// Threads that write side by side, each one step after the other, lose none.
func orderWithinThreads(w *world) {
	const steps = 10
	threads, asks := w.many(12)
	commits := make([][]*wire.Commit, len(threads))
	for i, x := range threads {
		commits[i] = append(commits[i], asks[i])
		for len(commits[i]) < steps {
			commits[i] = append(commits[i], x.ask())
		}
	}
	var all sync.WaitGroup
	for _, list := range commits {
		all.Go(func() {
			for _, c := range list {
				if err := w.store.Commit(w.Context(), c); err != nil {
					w.Errorf("commit %d of a thread: %v", c.Seq, err)
				}
			}
		})
	}
	all.Wait()
	for _, x := range threads {
		x.sees(wire.PageQuery{Limit: steps}, false, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
	}
}
