package storetest

import (
	"slices"
	"time"

	"recall/wire"
)

func commitChangesFields(w *world) {
	x := w.thread()
	before := x.Thread
	c := x.step()
	c.Thread = &wire.Thread{ID: x.Thread.ID, Title: "new", Summary: "what it is about", Pinned: true, Archived: true}
	x.write(c)
	got := x.again().Thread
	want := before
	want.Title, want.Summary, want.Pinned, want.Archived, want.Seq = "new", "what it is about", true, true, c.Seq
	same(w, "thread", got, want)

	x = x.again()
	c = x.step()
	c.Thread = &wire.Thread{ID: x.Thread.ID}
	x.write(c)
	want.Title, want.Summary, want.Pinned, want.Archived, want.Seq = "", "", false, false, c.Seq
	same(w, "thread with its fields emptied", x.again().Thread, want)
}

// The list of threads follows the newest message of a step, wherever it stands.
func commitMovesLastMessage(w *world) {
	x := w.thread()
	c := x.step()
	late, early := x.posting(c.Seq+1), x.posting(c.Seq)
	early.CreatedAt = wire.At(late.CreatedAt.Add(-time.Minute))
	c.Seq = late.Seq
	c.Postings = []*wire.Posting{late, early}
	x.write(c)
	x.seq = c.Seq
	same(w, "last message", x.again().Thread.LastMessageAt, late.CreatedAt)

	x = x.again()
	x.write(x.step()) // without a message it stays
	same(w, "last message", x.again().Thread.LastMessageAt, late.CreatedAt)
}

func verdictIsKept(w *world) {
	x := w.thread()
	p := x.say()
	for _, verdict := range []wire.Verdict{wire.Rejected, wire.Confirmed} {
		judged := *p
		judged.Verdict = verdict
		c := x.step()
		c.Judged = &judged
		x.write(c)
		got, err := w.store.Posting(w.Context(), x.Thread.ID, p.ID)
		w.ok(err)
		same(w, "verdict", got.Verdict, verdict)
		same(w, "text", got.Text, p.Text)
	}
	same(w, "verdict of the posting that was handed in", p.Verdict, "")
}

func verdictNeedsMessage(w *world) {
	x := w.thread()
	foreign := *w.thread().say()
	foreign.Verdict = wire.Confirmed
	c := x.step()
	c.Judged = &foreign
	w.code(w.store.Commit(w.Context(), c), wire.CodeNotFound)
	x.unchanged(0)
}

// A deleted thread is found by nothing, and what it left open has ended.
func deletedIsGone(w *world) {
	x := w.thread()
	r := x.asked()
	c := x.step()
	c.Stash = &wire.StashItem{ThreadID: x.Thread.ID, TopSongTitle: "Song", CreatedAt: w.now()}
	x.write(c)
	c = x.step()
	c.Deleted = true
	x.write(c)

	_, err := w.store.Activate(w.Context(), x.Thread.ID)
	w.code(err, wire.CodeNotFound)
	_, err = w.store.ThreadOfRecall(w.Context(), w.user, r.ID)
	w.code(err, wire.CodeNotFound)
	_, err = w.store.ThreadOfMessage(w.Context(), w.user, r.MessageID)
	w.code(err, wire.CodeNotFound)
	threads, err := w.store.Threads(w.Context(), w.user, wire.ThreadList{})
	w.ok(err)
	same(w, "threads", len(threads.Threads), 0)
	stash, err := w.store.Stash(w.Context(), w.user, wire.StashList{})
	w.ok(err)
	same(w, "stash items", len(stash.Items), 0)
	admitted, err := w.store.Admissions(w.Context(), w.user, r.AcceptedAt)
	w.ok(err)
	same(w, "admissions", len(admitted), 1) // it still counts for the limits
	same(w, "ended", admitted[0].Ended, true)
	open, err := w.store.ThreadsWithOpenRecalls(w.Context())
	w.ok(err)
	same(w, "listed as open", slices.Contains(open, x.Thread.ID), false)
}
