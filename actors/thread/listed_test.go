package thread

import (
	"context"
	"reflect"
	"testing"

	"recall/wire"
)

// keepList is what the user's grain does when the list is asked for, which in these
// tests is always: it keeps what the store says until it hears of a change.
func (w *world) keepList() {
	if w.kept == nil {
		w.kept = w.threads()
	}
}

func (w *world) threads() *wire.Threads {
	list, err := w.mem.Threads(context.Background(), w.owner, wire.ThreadList{})
	if err != nil {
		w.Fatalf("%v", err)
	}
	return list
}

// judgeList compares the kept list with the store whenever a write is acknowledged. A
// commit in doubt may be there already without anybody knowing; its own answer comes.
func (w *world) judgeList(f frame) {
	verdict := f.ID == "" && f.Type == "ok"
	if !w.writes[f.ID] && !verdict || f.Type == "error" || w.kept == nil || w.doubt {
		return
	}
	if now := w.threads(); !reflect.DeepEqual(w.kept, now) {
		w.Fatalf("%s acknowledged; the kept list is %+v, and the store has %+v", f.Type, w.kept.Threads, now.Threads)
	}
}

// The row was made, but nobody was told: the repeat finds it, and so does the list.
func TestDoubtfulCreateIsListedWhenItIsRepeated(t *testing.T) {
	t.Parallel()
	r := unborn(t)
	r.hold("activate")
	r.send(ann, "c", &wire.ThreadCreate{})
	create := r.held[0].(Create)
	if _, err := r.mem.Create(context.Background(), create.Owner, create.Thread); err != nil {
		t.Fatal(err)
	}
	r.feed(Activated{Err: wire.Unavailable()})
	r.wantCode(r.frames[ann], wire.CodeUnavailable)
	r.holding = nil
	r.wake()
	r.listed = 0
	r.want(r.send(ann, "c", &wire.ThreadCreate{})[0].Type == "thread" && r.listed == 1, "the kept list lacks it")
}

// A recall that was stored without anybody learning of it is listed when it is found:
// by the activation that runs it, or by the one who repeats its request.
func TestDoubtfulRecallIsListedWhenItIsFound(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	request := r.newID()
	r.mem.LoseAnswer(wire.ErrUnsure)
	r.wantCode(r.send(ann, "r", question(request, "x")), wire.CodeUnavailable)
	r.listed = 0
	r.wake()
	r.want(r.listed == 1, "run again, but not listed")
	id := r.ask(ann, request, "x")
	r.resolve(id, done())
	r.wake()
	r.listed = 0
	r.want(r.ask(ann, request, "x") == id && r.listed == 1, "joined, but not listed")
}

func TestUnsureCommitIsListed(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.hold("commit")
	r.send(ann, "u", &wire.ThreadUpdate{Title: ptr("perhaps")})
	r.feed(Committed{Err: wire.ErrUnsure})
	r.wantTypes(r.frames[ann], "error")
	r.want(r.stopped && r.listed == 1, "listed %d times", r.listed)
}

func TestDeletionThatIsRepeatedIsListed(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.send(ann, "d", &wire.ThreadDelete{})
	r.wake()
	r.listed = 0
	r.wantCode(r.send(ann, "d", &wire.ThreadDelete{}), wire.CodeNotFound)
	r.want(r.listed == 1, "the kept list may show it for minutes")
}
