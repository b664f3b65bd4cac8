package thread

import (
	"testing"

	"recall/wire"
)

func TestUpdate(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.subscribe(ben)
	f := r.send(ann, "u", &wire.ThreadUpdate{Title: ptr("name"), Pinned: ptr(true)})[0]
	r.want(f.Thread.Title == "name" && f.Thread.Pinned && !f.Thread.Archived && f.Thread.Seq == 1, "%+v", f.Thread)
	e := r.events(ben)[0]
	r.want(e.Type == "thread.updated" && *e.Thread == *f.Thread, "%+v", e.Thread)
	r.want(r.listed == 1, "the list was not called out of date")
	r.mem.FailNext("Commit", wire.Unavailable())
	r.wantCode(r.send(ann, "u", &wire.ThreadUpdate{Title: ptr("lost")}), wire.CodeUnavailable)
	r.want(r.send(ann, "g", &wire.ThreadGet{})[0].Thread.Title == "name", "a failed change is shown")
}

// Two changes in a row both hold: the second is made from the first.
func TestUpdatesDoNotUndoEachOther(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.hold("commit")
	r.send(ann, "1", &wire.ThreadUpdate{Title: ptr("name")})
	r.send(ben, "2", &wire.ThreadUpdate{Pinned: ptr(true)})
	r.release()
	got := r.send(ann, "g", &wire.ThreadGet{})[0].Thread
	r.want(got.Title == "name" && got.Pinned, "%+v", got)
}

func TestSureSongIsStashedAndSummarised(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.runToEnd(ann, "x", song(1, 0.7), song(2, 0.4))
	r.wantTypes(r.events(ann)[3:], "message", "message", "stash.changed", "thread.updated", "recall.completed")
	got := r.send(ann, "g", &wire.ThreadGet{})[0].Thread
	r.want(got.Summary == "Title 1 — Somebody", "summary %q", got.Summary)
	r.dense(ann)
	r.want(r.events(ann)[6].Thread.Seq == r.events(ann)[6].Seq, "thread.updated shows seq %d", r.events(ann)[6].Thread.Seq)
	r.runToEnd(ann, "y", song(3, 0.69))
	r.want(r.stashed().TopSongTitle == "Title 1", "an unsure song took the place of a sure one")
}

func TestConfirmAndReject(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.runToEnd(ann, "x", song(1, 0.5), song(2, 0.4))
	stored := r.stored()
	seen := len(r.events(ann))
	r.want(r.send(ben, "j", &wire.Judge{MessageID: stored[2].ID, Verdict: wire.Confirmed})[0].Type == "ok", "no ok")
	r.wantTypes(r.events(ann)[seen:], "message.updated", "stash.changed")
	r.want(r.events(ann)[seen+1].Item.TopSongTitle == "Title 2", "stash %+v", r.events(ann)[seen+1].Item)
	r.send(ben, "j", &wire.Judge{MessageID: stored[1].ID, Verdict: wire.Rejected})
	r.want(r.stored()[1].Verdict == wire.Rejected && r.stored()[2].Verdict == wire.Confirmed, "verdicts are not stored")
	r.wantCode(r.send(ben, "j", &wire.Judge{MessageID: stored[0].ID, Verdict: wire.Rejected}), wire.CodeBadRequest)
	r.wantCode(r.send(ben, "j", &wire.Judge{MessageID: r.newID(), Verdict: wire.Rejected}), wire.CodeNotFound)
}

func TestStash(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	title := func(verb bool) string {
		r.want(r.send(ann, "s", &wire.StashEdit{Add: verb})[0].Type == "ok", "no ok")
		if r.stashed() == nil {
			return "none"
		}
		return r.stashed().TopSongTitle
	}
	r.want(title(true) == "", "a song out of nothing")
	r.runToEnd(ann, "x", song(1, 0.5), song(2, 0.6), song(3, 0.4))
	r.want(title(true) == "Title 2", "not the surest")
	judge := func(i int, v wire.Verdict) { r.send(ann, "j", &wire.Judge{MessageID: r.stored()[i].ID, Verdict: v}) }
	judge(2, wire.Rejected)
	r.want(title(true) == "Title 1", "kept a rejected song")
	judge(3, wire.Confirmed)
	r.want(title(true) == "Title 3", "not the confirmed one")
	for range 2 { // can be repeated
		r.want(title(false) == "none", "not dropped")
	}
	r.mem.FailNext("Page", wire.Unavailable())
	clear(r.shelf)
	r.wantCode(r.send(eve, "s", &wire.StashEdit{Add: true}), wire.CodeUnavailable)
}

func TestShorten(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"short": "short", "a  b\nc": "a b c", "one two three": "one two…", "onetwothreefour": "onetwothre…", "éééééééééééé": "éééééééééé…",
	} {
		if got := shorten(in, 10); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestHistoryOfARecall(t *testing.T) {
	t.Parallel()
	r := filled(t, 30)
	id := r.ask(ann, r.newID(), "new")
	h := r.running[id].History
	r.want(len(h) == historyMessages && h[len(h)-1].Seq == 30, "%d messages, the last %d", len(h), h[len(h)-1].Seq)
	r.resolve(id, done())
	clear(r.shelf)
	r.mem.FailNext("Page", wire.Unavailable())
	id = r.ask(ann, r.newID(), "without the past")
	r.want(r.running[id].Recall.ID == id && len(r.running[id].History) == 0, "does not run without its past")
}
