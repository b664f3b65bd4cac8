package thread

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"recall/wire"
)

// filled is a thread with n questions (and nothing else) in the store, awake
// without any page in its book.
func filled(t tb, n int) *rig {
	r := newRig(t, Config{})
	a, err := r.mem.Activate(context.Background(), r.id)
	if err != nil {
		t.Fatalf("%v", err)
	}
	for i := range n {
		seq := int64(i + 1)
		p := &wire.Posting{ID: r.newID(), Seq: seq, Type: wire.TypeText, Text: fmt.Sprint(seq), CreatedAt: wire.At(r.now)}
		if err := r.mem.Commit(context.Background(), &wire.Commit{ThreadID: r.id, Fence: a.Fence, Seq: seq, Postings: []*wire.Posting{p}}); err != nil {
			t.Fatalf("%v", err)
		}
	}
	r.wake()
	return r
}

func seqs(f frame) (out []int64) {
	for _, p := range f.Messages {
		out = append(out, p.Seq)
	}
	return out
}

func (r *rig) wantPage(f frame, first, last int64, more, cached bool) {
	r.Helper()
	var want []int64
	for s := first; s <= last; s++ {
		want = append(want, s)
	}
	if !slices.Equal(seqs(f), want) || f.HasMore != more || f.Cached != cached {
		r.Fatalf("got %v more %v cached %v, want %d..%d more %v cached %v", seqs(f), f.HasMore, f.Cached, first, last, more, cached)
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	r := filled(t, 120)
	r.wantPage(r.list(ann, wire.MessagesList{}), 71, 120, true, false)
	r.wantPage(r.list(ann, wire.MessagesList{}), 71, 120, true, true)
	r.wantPage(r.list(ann, wire.MessagesList{Limit: ptr(3)}), 118, 120, true, true)
	r.wantPage(r.list(ann, wire.MessagesList{BeforeSeq: ptr(int64(71))}), 21, 70, true, false)
	r.wantPage(r.list(ann, wire.MessagesList{BeforeSeq: ptr(int64(21)), Limit: ptr(20)}), 1, 20, false, false)
	r.wantPage(r.list(ann, wire.MessagesList{BeforeSeq: ptr(int64(21)), Limit: ptr(19)}), 2, 20, true, true)
	r.wantPage(r.list(ann, wire.MessagesList{BeforeSeq: ptr(int64(1))}), 1, 0, false, true)
	r.want(r.meter.hits["messages"] == 4 && r.meter.misses["messages"] == 3, "%+v", r.meter)
}

func TestPagesForward(t *testing.T) {
	t.Parallel()
	r := filled(t, 120)
	r.wantPage(r.list(ann, wire.MessagesList{AfterSeq: ptr(int64(0))}), 1, 50, true, false)
	r.wantPage(r.list(ann, wire.MessagesList{AfterSeq: ptr(int64(100)), Limit: ptr(5)}), 101, 105, true, false)
	r.list(ann, wire.MessagesList{}) // 71..120 are kept now
	r.wantPage(r.list(ann, wire.MessagesList{AfterSeq: ptr(int64(100)), Limit: ptr(5)}), 101, 105, true, true)
	r.wantPage(r.list(ann, wire.MessagesList{AfterSeq: ptr(int64(70))}), 71, 120, false, true)
	r.wantPage(r.list(ann, wire.MessagesList{AfterSeq: ptr(int64(120))}), 1, 0, false, true)
	r.wantPage(r.list(ann, wire.MessagesList{AfterSeq: ptr(int64(69))}), 70, 119, true, false)
}

func TestEmptyThreadHasAnEmptyPage(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	f := r.list(ann, wire.MessagesList{})
	r.want(f.Messages != nil && len(f.Messages) == 0 && !f.HasMore, "%+v", f)
}

// numbered is a peer of its own for each n.
func numbered(n int) Peer { return Peer{ID: fmt.Sprint("peer ", n)} }

func TestEqualRequestsShareOneLoad(t *testing.T) {
	t.Parallel()
	r := filled(t, 3)
	r.hold("load")
	const all = 10_000
	for n := range all {
		r.send(numbered(n), "l", &wire.MessagesList{})
	}
	r.want(len(r.held) == 1, "%d loads", len(r.held))
	r.release()
	r.want(len(r.frames) == all && r.meter.coalesced["fetch_messages"] == all-1, "%d have an answer", len(r.frames))
	for p, got := range r.frames {
		r.want(len(got) == 1, "%s has %d answers", p.ID, len(got))
		r.wantPage(got[0], 1, 3, false, false)
	}
}

func TestFailedLoadIsToldAndForgotten(t *testing.T) {
	t.Parallel()
	r := filled(t, 3)
	r.mem.FailNext("Page", wire.Unavailable())
	r.wantCode(r.send(ann, "l", &wire.MessagesList{}), wire.CodeUnavailable)
	r.wantPage(r.list(ann, wire.MessagesList{}), 1, 3, false, false)
}

// The writer's own message is never missing, wherever the page came from.
func TestPagesFollowWhatIsWritten(t *testing.T) {
	t.Parallel()
	r := filled(t, 3)
	behind := wire.MessagesList{BeforeSeq: ptr(int64(100))}
	r.list(ann, wire.MessagesList{})
	r.list(ann, behind)
	id := r.ask(ann, r.newID(), "new") // seq 4
	r.wantPage(r.list(ann, wire.MessagesList{}), 1, 4, false, true)
	r.wantPage(r.list(ann, behind), 1, 4, false, true)
	r.resolve(id, done())
	r.runToEnd(ann, "and another")
	got := seqs(r.list(ann, wire.MessagesList{}))
	r.want(len(got) == 5, "the newest page has %v", got)
}

func TestPageReadDuringACommitIsReadAgain(t *testing.T) {
	t.Parallel()
	r := filled(t, 3)
	r.hold("load", "commit")
	r.ask(ann, r.newID(), "new")
	r.send(ben, "l", &wire.MessagesList{})
	old, err := r.mem.Page(context.Background(), r.held[1].(Load).Query)
	r.want(err == nil, "%v", err)
	r.releaseAt(0) // the commit
	load := r.held[0].(Load)
	r.held = nil
	r.feed(Loaded{Key: load.Key, Page: old})
	r.want(len(r.held) == 1 && len(r.frames[ben]) == 0, "an old page was handed out")
	r.release()
	r.wantPage(r.frames[ben][0], 1, 4, false, false)
}

// The store has the message already, the thread does not know yet: the page that
// holds it must not be kept, or the message would be appended a second time.
func TestPageReadBeforeTheCommitIsKnown(t *testing.T) {
	t.Parallel()
	r := filled(t, 3)
	r.hold("load", "commit")
	r.ask(ann, r.newID(), "new")
	r.send(ben, "l", &wire.MessagesList{})
	commit := r.held[0].(Commit)
	r.want(r.mem.Commit(context.Background(), commit.Commit) == nil, "commit")
	r.holding = nil
	r.releaseAt(1) // the load, which sees it
	r.release()    // the commit's answer
	r.wantPage(r.list(ben, wire.MessagesList{}), 1, 4, false, r.meter.hits["messages"] > 0)
}

func TestVerdictShowsOnThePages(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.runToEnd(ann, "x", song(1, 0.5))
	f := r.list(ann, wire.MessagesList{})
	r.send(ann, "j", &wire.Judge{MessageID: f.Messages[1].ID, Verdict: wire.Rejected})
	f = r.list(ann, wire.MessagesList{})
	r.want(f.Messages[1].Verdict == wire.Rejected, "verdict %q", f.Messages[1].Verdict)
}

func TestBookIsBounded(t *testing.T) {
	t.Parallel()
	r := filled(t, 60)
	for before := range 50 {
		r.list(ann, wire.MessagesList{BeforeSeq: ptr(int64(before + 1))})
	}
	b, _ := r.shelf.Book(r.id)
	r.want(len(b.Pages) <= maxBookPages, "%d pages are kept", len(b.Pages))
	r.want(b.Bytes() > 10_000, "%d bytes", b.Bytes())
}

// The newest page, which every recall needs, stays in a full book.
func TestFullBookForgetsWhatIsFarthestBack(t *testing.T) {
	t.Parallel()
	r := filled(t, 60)
	for _, before := range []int64{0, 1, 60} {
		r.state.keep(before, wire.Page{})
	}
	for before := int64(2); before < 40; before++ {
		r.state.keep(before, wire.Page{})
	}
	b, _ := r.shelf.Book(r.id)
	kept := slices.Sorted(maps.Keys(b.Pages))
	r.want(len(kept) == maxBookPages && kept[0] == 0 && kept[1] == 22 && kept[maxBookPages-1] == 60, "%v", kept)
}

// A recall looks at the newest page as a reader does.
func TestLookOfARecallIsCounted(t *testing.T) {
	t.Parallel()
	r := filled(t, 3)
	r.runToEnd(ann, "first")
	r.want(r.meter.misses["messages"] == 1 && r.meter.hits["messages"] == 0, "%+v", r.meter)
	r.runToEnd(ann, "second")
	r.want(r.meter.misses["messages"] == 1 && r.meter.hits["messages"] == 1, "%+v", r.meter)
}

// A request that was let in is not refused halfway, however many came behind it.
func TestSecondLoadIsNotRefused(t *testing.T) {
	t.Parallel()
	r := filled(t, 100)
	r.list(ann, wire.MessagesList{})
	r.hold("load")
	r.send(ben, "l", &wire.MessagesList{BeforeSeq: ptr(int64(53)), Limit: ptr(10)})
	r.send(eve, "l", &wire.MessagesList{BeforeSeq: ptr(int64(54)), Limit: ptr(10)}) // the same load, another second one
	for n := range maxLoads - 1 {
		r.send(numbered(n), "l", &wire.MessagesList{AfterSeq: ptr(int64(n))})
	}
	r.wantCode(r.send(ann, "l", &wire.MessagesList{AfterSeq: ptr(int64(40))}), wire.CodeUnavailable)
	r.state.shelf.Keep(r.id, Book{})
	r.send(ann, "t", &wire.ThreadUpdate{Title: ptr("new")})
	r.release()
	r.wantPage(r.frames[ben][0], 43, 52, true, false)
	r.wantPage(r.frames[eve][0], 44, 53, true, false)
}

func TestNewestPageForgetsTheOldest(t *testing.T) {
	t.Parallel()
	r := filled(t, 50)
	r.wantPage(r.list(ann, wire.MessagesList{}), 1, 50, false, false)
	r.ask(ann, r.newID(), "51st")
	r.wantPage(r.list(ann, wire.MessagesList{}), 2, 51, true, true)
}
