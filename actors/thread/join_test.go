package thread

import (
	"context"
	"errors"
	"testing"

	"recall/wire"
)

func TestRepeatedRequestJoins(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	request := r.newID()
	r.hold("admit")
	r.ask(ann, request, "once")
	r.ask(ben, request, "once")
	r.releaseAt(0)
	r.holding = nil
	id := r.frames[ann][0].RecallID
	r.want(r.frames[ben][0].RecallID == id, "while being accepted: %v", r.frames[ben])
	r.want(r.ask(eve, request, "once") == id, "while running")
	r.resolve(id, done())
	r.want(r.ask(eve, request, "once") == id, "after the end")
	r.want(len(r.stored()) == 1, "stored %d messages", len(r.stored()))
	r.noSlots()
}

func TestDuplicateInTheStoreJoins(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	request := r.newID()
	id := r.ask(ann, request, "long ago")
	r.resolve(id, done())
	clear(r.users.byRequest) // the user's log of the last hour has forgotten it
	r.want(r.ask(ben, request, "again") == id, "did not join: %v", r.frames[ben])
	r.want(r.users.refunds == 1, "the second one was charged")
	r.noSlots()
}

func TestRequestIDOfAnotherThreadIsRefused(t *testing.T) {
	t.Parallel()
	for _, known := range []bool{true, false} {
		r := newRig(t, Config{})
		request := elsewhere(r)
		if known {
			r.users.byRequest[request] = wire.Recall{ID: r.newID(), ThreadID: r.newID()}
		}
		r.wantCode(r.send(ann, "1", question(request, "x")), wire.CodeBadRequest)
		r.noSlots()
	}
}

// elsewhere stores a recall in another thread of the same owner.
func elsewhere(r *rig) (request wire.ID) {
	ctx, other, request := context.Background(), r.newID(), r.newID()
	a, err := r.mem.Create(ctx, r.owner, wire.Thread{ID: other})
	p := &wire.Posting{ID: r.newID(), ThreadID: other, Seq: 1}
	err = errors.Join(err, r.mem.Commit(ctx, &wire.Commit{
		ThreadID: other, Owner: r.owner, Fence: a.Fence, Seq: 1, Postings: []*wire.Posting{p},
		Accepted: &wire.Recall{ID: r.newID(), UserID: r.owner, RequestID: request, MessageID: p.ID},
	}))
	if err != nil {
		r.Fatalf("%v", err)
	}
	return request
}

// An admission whose recall never reached the store must not hold its request_id.
func TestLostAdmissionDoesNotBlockItsRequest(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	request := r.newID()
	r.hold("commit")
	r.ask(ann, request, "lost in a crash")
	r.wake()
	r.holding = nil
	id := r.ask(ann, request, "lost in a crash")
	r.want(!id.IsZero(), "got %+v", r.frames[ann])
	r.resolve(id, done())
	r.noSlots()
}
