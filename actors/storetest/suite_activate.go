package storetest

import "recall/wire"

func activateNotFound(w *world) {
	_, err := w.store.Activate(w.Context(), wire.NewID())
	w.code(err, wire.CodeNotFound)
}

func activateRaisesFence(w *world) {
	x := w.thread()
	y := x.again()
	if y.Fence <= x.Fence {
		w.Fatalf("fence went from %d to %d", x.Fence, y.Fence)
	}
}

func activateKeepsEpoch(w *world) {
	x := w.thread()
	if x.Thread.Epoch == "" {
		w.Fatal("a new thread has no epoch")
	}
	r := x.asked()
	x.write(x.end(r.ID))
	y := x.again()
	same(w, "epoch", y.Thread.Epoch, x.Thread.Epoch)
	same(w, "seq", y.Thread.Seq, x.seq)
	same(w, "open recalls", len(y.Open), 0)
}

func activateChangesEpochAfterCrash(w *world) {
	x := w.thread()
	x.asked()
	y := x.again()
	if y.Thread.Epoch == x.Thread.Epoch {
		w.Fatal("the epoch stayed although a recall was open")
	}
	z := y.again()
	if z.Thread.Epoch == y.Thread.Epoch || z.Thread.Epoch == x.Thread.Epoch {
		w.Fatal("an epoch came twice")
	}
}

func activateReturnsAll(w *world) {
	x := w.thread()
	first, second := x.asked(), x.asked()

	y := x.again()
	same(w, "owner", y.Owner, w.user)
	same(w, "title", y.Thread.Title, "a thread")
	same(w, "last message", y.Thread.LastMessageAt, wire.At(second.AcceptedAt))
	same(w, "open recalls", len(y.Open), 2)
	same(w, "first open", y.Open[0], *first)
	same(w, "second open", y.Open[1], *second)
}

func createIsIdempotent(w *world) {
	x := w.thread()
	p := x.say()
	y := w.create(wire.Thread{ID: x.Thread.ID, Title: "another title", CreatedAt: w.now(), LastMessageAt: w.now()})
	same(w, "title", y.Thread.Title, "a thread")
	same(w, "seq", y.Thread.Seq, p.Seq)
	same(w, "created", y.Thread.CreatedAt, x.Thread.CreatedAt)
	y.sees(wire.PageQuery{Limit: 5}, false, p.Seq)
}

func createRefusesOthersID(w *world) {
	x := w.thread()
	_, err := w.store.Create(w.Context(), wire.NewID(), wire.Thread{ID: x.Thread.ID, CreatedAt: w.now(), LastMessageAt: w.now()})
	w.code(err, wire.CodeNotFound)
	x.say() // and nothing was taken over
}

func createRefusesDeleted(w *world) {
	x := w.thread()
	c := x.step()
	c.Deleted = true
	x.write(c)
	_, err := w.store.Create(w.Context(), w.user, wire.Thread{ID: x.Thread.ID, CreatedAt: w.now(), LastMessageAt: w.now()})
	w.code(err, wire.CodeNotFound)
}
