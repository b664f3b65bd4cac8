package storetest

import (
	"fmt"

	"recall/wire"
)

// writer is a thread as its activation holds it: it knows the fence and counts.
type writer struct {
	*world
	wire.Activation
	seq int64
}

// thread creates one of the world's user.
func (w *world) thread() *writer {
	w.Helper()
	now := w.now()
	return w.create(wire.Thread{ID: wire.NewID(), Title: "a thread", CreatedAt: now, LastMessageAt: now})
}

func (w *world) create(t wire.Thread) *writer {
	w.Helper()
	a, err := w.store.Create(w.Context(), w.user, t)
	w.ok(err)
	return &writer{world: w, Activation: a, seq: a.Thread.Seq}
}

// again activates the thread anew, as another node would.
func (x *writer) again() *writer {
	x.Helper()
	a, err := x.store.Activate(x.Context(), x.Thread.ID)
	x.ok(err)
	return &writer{world: x.world, Activation: a, seq: a.Thread.Seq}
}

// step is an empty commit with the next number.
func (x *writer) step() *wire.Commit {
	x.seq++
	return &wire.Commit{ThreadID: x.Thread.ID, Owner: x.Owner, Fence: x.Fence, Seq: x.seq}
}

// write commits a step that must be taken.
func (x *writer) write(c *wire.Commit) *wire.Commit {
	x.Helper()
	x.ok(x.store.Commit(x.Context(), c))
	return c
}

// posting is the n-th text of the thread.
func (x *writer) posting(seq int64) *wire.Posting {
	return &wire.Posting{ID: wire.NewID(), ThreadID: x.Thread.ID, Seq: seq, Role: wire.RoleUser, Type: wire.TypeText,
		Text: fmt.Sprintf("message %d", seq), CreatedAt: x.now()}
}

// say writes a message.
func (x *writer) say() *wire.Posting {
	x.Helper()
	c := x.step()
	c.Postings = []*wire.Posting{x.posting(c.Seq)}
	return x.write(c).Postings[0]
}

// ask is the step that begins a recall.
func (x *writer) ask() *wire.Commit {
	c := x.step()
	p := x.posting(c.Seq)
	c.Postings = []*wire.Posting{p}
	c.Accepted = &wire.Recall{ID: wire.NewID(), ThreadID: x.Thread.ID, UserID: x.user, RequestID: wire.NewID(), MessageID: p.ID,
		Input: wire.Input{Kind: wire.InputText, Text: p.Text}, AcceptedAt: p.CreatedAt.Time}
	return c
}

// asked begins a recall that must be accepted.
func (x *writer) asked() *wire.Recall {
	x.Helper()
	return x.write(x.ask()).Accepted
}

// end is the step that ends a recall.
func (x *writer) end(id wire.ID) *wire.Commit {
	c := x.step()
	c.Ended = &wire.RecallEnd{RecallID: id, State: wire.RecallDone, Terminal: []byte(`{"type":"recall.completed"}`), EndedAt: x.now().Time}
	return c
}

// seqs are the numbers of the messages that the query finds.
func (x *writer) seqs(q wire.PageQuery) ([]int64, bool) {
	x.Helper()
	q.ThreadID = x.Thread.ID
	page, err := x.store.Page(x.Context(), q)
	x.ok(err)
	found := make([]int64, len(page.Postings))
	for i, p := range page.Postings {
		found[i] = p.Seq
	}
	return found, page.HasMore
}

// sees expects the query to find exactly these messages.
func (x *writer) sees(q wire.PageQuery, more bool, want ...int64) {
	x.Helper()
	got, hasMore := x.seqs(q)
	same(x.world, fmt.Sprintf("messages of %+v", q), fmt.Sprint(got), fmt.Sprint(want))
	same(x.world, fmt.Sprintf("has more of %+v", q), hasMore, more)
}

// unchanged expects that nothing but the fence differs from what x last knew.
func (x *writer) unchanged(seq int64) {
	x.Helper()
	same(x.world, "seq of the thread", x.again().Thread.Seq, seq)
}
