package thread

import (
	"context"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"recall/wire"
)

// Whatever is kept of a thread, a page of any size before any message is what the
// store holds; and whoever reads back in steps of any size meets no gap.
func TestAnyStepBackIsWhatTheStoreHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := filled(t, rapid.IntRange(0, 240).Draw(t, "messages"))
		r.subscribe(ann)
		r.holding = func(e Effect) bool { l, loads := e.(Load); return loads && l.Prefetch }
		var at *int64
		t.Repeat(map[string]func(*rapid.T){
			"step back": func(t *rapid.T) {
				size := rapid.IntRange(1, wire.MaxMessages).Draw(t, "size")
				got := r.send(ann, "l", &wire.MessagesList{BeforeSeq: at, Limit: ptr(size)})
				if len(got) == 0 { // it waits for what is being prefetched
					r.releaseAt(0)
					got = r.frames[ann][len(r.frames[ann])-1:]
				}
				f := got[0]
				r.wantStored(f, at, size)
				if at = nil; len(f.Messages) > 0 {
					at = ptr(f.Messages[0].Seq)
				}
			},
			"jump": func(t *rapid.T) { at = ptr(rapid.Int64Range(1, 300).Draw(t, "seq")) },
			"prefetch": func(*rapid.T) {
				for len(r.held) > 0 {
					r.releaseAt(0)
				}
			},
			"write": func(*rapid.T) { r.runToEnd(ben, "x", song(1, 0.5)) },
		})
	})
}

// wantStored compares a page with what the store gives for the same question.
func (r *rig) wantStored(f frame, before *int64, size int) {
	r.Helper()
	q := wire.PageQuery{ThreadID: r.id, Limit: size}
	if before != nil {
		q.Before = *before
	}
	p, err := r.mem.Page(context.Background(), q)
	var want []int64
	for _, m := range p.Postings {
		want = append(want, m.Seq)
	}
	if err != nil || !slices.Equal(seqs(f), want) || f.HasMore != p.HasMore {
		r.Fatalf("%d before %d: got %v more %v, stored %v more %v, %v", size, q.Before, seqs(f), f.HasMore, want, p.HasMore, err)
	}
}

// Steps of 20 take a query for each 50 messages, not one for each step.
func TestSmallStepsShareWholePages(t *testing.T) {
	t.Parallel()
	r := filled(t, 100)
	r.wantPage(r.list(ann, wire.MessagesList{Limit: ptr(20)}), 81, 100, true, false)
	r.wantPage(r.list(ann, wire.MessagesList{BeforeSeq: ptr(int64(81)), Limit: ptr(20)}), 61, 80, true, true)
	r.wantPage(r.list(ann, wire.MessagesList{BeforeSeq: ptr(int64(61)), Limit: ptr(20)}), 41, 60, true, false)
	r.wantPage(r.list(ann, wire.MessagesList{BeforeSeq: ptr(int64(41)), Limit: ptr(20)}), 21, 40, true, true)
	r.wantPage(r.list(ann, wire.MessagesList{BeforeSeq: ptr(int64(21)), Limit: ptr(20)}), 1, 20, false, true)
}

// What is kept of a page may change while the rest of it is being read.
func TestKeptPartThatChangesIsReadAgain(t *testing.T) {
	t.Parallel()
	r := filled(t, 100)
	r.list(ann, wire.MessagesList{})
	r.hold("load")
	r.send(ben, "l", &wire.MessagesList{BeforeSeq: ptr(int64(53)), Limit: ptr(10)})
	r.state.shelf.Keep(r.id, Book{}) // as if it had been crowded out meanwhile
	r.send(ann, "t", &wire.ThreadUpdate{Title: ptr("new")})
	r.release()
	r.wantPage(r.frames[ben][0], 43, 52, true, false)
}
