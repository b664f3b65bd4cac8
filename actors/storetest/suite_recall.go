package storetest

import (
	"slices"
	"time"

	"recall/wire"
)

func admissionsInOrder(w *world) {
	x, y := w.thread(), w.thread()
	first, second, third := x.asked(), y.asked(), x.asked()
	x.write(x.end(first.ID))

	all, err := w.store.Admissions(w.Context(), w.user, first.AcceptedAt)
	w.ok(err)
	same(w, "admissions", len(all), 3)
	for i, r := range []*wire.Recall{first, second, third} {
		same(w, "admission", all[i], wire.Admission{RecallID: r.ID, RequestID: r.RequestID, ThreadID: r.ThreadID,
			AcceptedAt: r.AcceptedAt, Ended: r == first})
	}
	later, err := w.store.Admissions(w.Context(), w.user, first.AcceptedAt.Add(time.Millisecond))
	w.ok(err)
	same(w, "admissions since later", len(later), 2)
	others, err := w.store.Admissions(w.Context(), wire.NewID(), time.Time{})
	w.ok(err)
	same(w, "admissions of somebody else", len(others), 0)
}

func recallByRequest(w *world) {
	x := w.thread()
	c := x.write(x.ask())
	r, p, err := w.store.RecallByRequest(w.Context(), w.user, c.Accepted.RequestID)
	w.ok(err)
	same(w, "recall", r, *c.Accepted)
	same(w, "message", encoded(w, p), encoded(w, c.Postings[0]))

	_, _, err = w.store.RecallByRequest(w.Context(), wire.NewID(), c.Accepted.RequestID)
	w.code(err, wire.CodeNotFound)
	_, _, err = w.store.RecallByRequest(w.Context(), w.user, wire.NewID())
	w.code(err, wire.CodeNotFound)
}

func threadOfRecall(w *world) {
	x := w.thread()
	r := x.asked()
	id, err := w.store.ThreadOfRecall(w.Context(), w.user, r.ID)
	w.ok(err)
	same(w, "thread", id, x.Thread.ID)
	_, err = w.store.ThreadOfRecall(w.Context(), wire.NewID(), r.ID)
	w.code(err, wire.CodeNotFound)
	_, err = w.store.ThreadOfRecall(w.Context(), w.user, wire.NewID())
	w.code(err, wire.CodeNotFound)
}

func threadsWithOpenRecalls(w *world) {
	open, closed, silent := w.thread(), w.thread(), w.thread()
	open.asked()
	open.asked()
	closed.write(closed.end(closed.asked().ID))
	found, err := w.store.ThreadsWithOpenRecalls(w.Context())
	w.ok(err)
	// Other tests may share the store, so only these three are looked at.
	found = slices.DeleteFunc(found, func(id wire.ID) bool {
		return id != open.Thread.ID && id != closed.Thread.ID && id != silent.Thread.ID
	})
	w.sameIDs("threads with open recalls", found, []wire.ID{open.Thread.ID})
}
