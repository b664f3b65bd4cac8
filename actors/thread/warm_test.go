package thread

import (
	"context"
	"testing"

	"recall/wire"
)

// rest lets the activation end because nobody needs it, and another one begin.
func (r *rig) rest() {
	r.Helper()
	for p := range r.subscribed {
		r.feed(Gone{Peer: p})
	}
	r.feed(Idle{})
	r.want(r.stopped, "it does not rest")
	r.wake()
}

// The book outlives the activation: the next one answers from it without a query.
func TestMessagesAreWarmAfterARest(t *testing.T) {
	t.Parallel()
	r := filled(t, 120)
	r.list(ann, wire.MessagesList{})
	r.list(ann, wire.MessagesList{BeforeSeq: ptr(int64(71))})
	r.rest()
	r.hold("load")
	r.wantPage(r.list(ann, wire.MessagesList{}), 71, 120, true, true)
	r.wantPage(r.list(ann, wire.MessagesList{BeforeSeq: ptr(int64(71))}), 21, 70, true, true)
	r.rest()
	r.runToEnd(ann, "a recall sees its past without a query", song(1, 0.5))
	r.want(len(r.held) == 0, "%+v", r.held)
}

// What an activation elsewhere wrote meanwhile is not in the book, and so the book is
// not believed.
func TestBookThatWasOvertakenIsReadAnew(t *testing.T) {
	t.Parallel()
	r := filled(t, 3)
	r.list(ann, wire.MessagesList{})
	a, err := r.mem.Activate(context.Background(), r.id)
	r.want(err == nil, "%v", err)
	p := &wire.Posting{ID: r.newID(), Seq: 4, Type: wire.TypeText, CreatedAt: wire.At(r.now)}
	err = r.mem.Commit(context.Background(), &wire.Commit{ThreadID: r.id, Fence: a.Fence, Seq: 4, Postings: []*wire.Posting{p}})
	r.want(err == nil, "%v", err)
	r.rest()
	r.wantPage(r.list(ann, wire.MessagesList{}), 1, 4, false, false)
	r.wantPage(r.list(ann, wire.MessagesList{}), 1, 4, false, true)
}
