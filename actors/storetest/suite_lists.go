package storetest

import (
	"strings"

	"recall/wire"
)

func (w *world) list(q wire.ThreadList) ([]wire.ID, *string) {
	w.Helper()
	found, err := w.store.Threads(w.Context(), w.user, q)
	w.ok(err)
	ids := make([]wire.ID, len(found.Threads))
	for i, t := range found.Threads {
		ids[i] = t.ID
	}
	return ids, found.NextCursor
}

// sameIDs compares lists, naming the first difference.
func (w *world) sameIDs(what string, got, want []wire.ID) {
	w.Helper()
	same(w, what+": length", len(got), len(want))
	for i := range want {
		if got[i] != want[i] {
			w.Fatalf("%s: entry %d of %d is %s, want %s", what, i, len(want), got[i], want[i])
		}
	}
}

func threadsInOrder(w *world) {
	a, b, c := w.thread(), w.thread(), w.thread()
	a.say()
	ids, next := w.list(wire.ThreadList{})
	w.sameIDs("threads", ids, []wire.ID{a.Thread.ID, c.Thread.ID, b.Thread.ID})
	if next != nil {
		w.Fatalf("the last page has cursor %q", *next)
	}
	w.user = wire.NewID()
	ids, _ = w.list(wire.ThreadList{})
	same(w, "threads of somebody else", len(ids), 0)
}

// Nine threads, of which five have the same time, come once each whatever the
// size of the page.
func threadsPage(w *world) {
	at := w.now()
	for range 5 {
		w.create(wire.Thread{ID: wire.NewID(), CreatedAt: at, LastMessageAt: at})
	}
	for range 4 {
		w.thread()
	}
	whole, _ := w.list(wire.ThreadList{})
	same(w, "threads", len(whole), 9)
	for size := 1; size <= 10; size++ {
		var got []wire.ID
		q := wire.ThreadList{Limit: &size}
		for pages := 0; ; pages++ {
			ids, next := w.list(q)
			got = append(got, ids...)
			if next == nil {
				same(w, "pages", pages, (9-1)/size)
				break
			}
			q.Cursor = *next
		}
		w.sameIDs("threads page by page", got, whole)
	}
}

func archivedApart(w *world) {
	shown, hidden := w.thread(), w.thread()
	c := hidden.step()
	c.Thread = &wire.Thread{ID: hidden.Thread.ID, Archived: true}
	hidden.write(c)
	ids, _ := w.list(wire.ThreadList{})
	w.sameIDs("threads", ids, []wire.ID{shown.Thread.ID})
	ids, _ = w.list(wire.ThreadList{Archived: true})
	w.sameIDs("archived threads", ids, []wire.ID{hidden.Thread.ID})
}

var badCursors = []string{"x", "not a cursor", "====", "AAAA", strings.Repeat("A", 4096)}

func badThreadsCursor(w *world) {
	for _, word := range badCursors {
		_, err := w.store.Threads(w.Context(), w.user, wire.ThreadList{Cursor: word})
		w.badCursor(word, err)
	}
}

func badStashCursor(w *world) {
	for _, word := range badCursors {
		_, err := w.store.Stash(w.Context(), w.user, wire.StashList{Cursor: word})
		w.badCursor(word, err)
	}
}

func (w *world) badCursor(word string, err error) {
	w.Helper()
	w.code(err, wire.CodeBadRequest)
	if !strings.HasPrefix(wire.AsError(err).Message, "cursor: ") {
		w.Fatalf("the refusal of cursor %.40q does not name the field: %v", word, err)
	}
}
