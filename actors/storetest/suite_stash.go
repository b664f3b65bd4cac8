package storetest

import "recall/wire"

func (w *world) stash(q wire.StashList) *wire.Stash {
	w.Helper()
	found, err := w.store.Stash(w.Context(), w.user, q)
	w.ok(err)
	return found
}

// keep puts a song into the stash.
func (x *writer) keep(title string) wire.StashItem {
	x.Helper()
	c := x.step()
	c.Stash = &wire.StashItem{ThreadID: x.Thread.ID, TopSongTitle: title, CreatedAt: x.now()}
	return *x.write(c).Stash
}

func stashIsOneAThread(w *world) {
	x := w.thread()
	x.keep("first")
	c := x.step()
	confidence := 0.75
	c.Stash = &wire.StashItem{ThreadID: x.Thread.ID, TopSongTitle: "second", TopSongArtist: "somebody", TopConfidence: &confidence,
		TopSongURL: "https://example.org", CreatedAt: w.now()}
	x.write(c)
	items := w.stash(wire.StashList{}).Items
	same(w, "items", len(items), 1)
	same(w, "item", encoded(w, items[0]), encoded(w, c.Stash))

	c = x.step()
	c.Unstash = true
	x.write(c)
	same(w, "items", len(w.stash(wire.StashList{}).Items), 0)
}

func stashPages(w *world) {
	var want []wire.StashItem
	for _, title := range []string{"a", "b", "c", "d", "e"} {
		want = append([]wire.StashItem{w.thread().keep(title)}, want...)
	}
	for size := 1; size <= 6; size++ {
		var got []wire.StashItem
		q := wire.StashList{Limit: &size}
		for {
			page := w.stash(q)
			got = append(got, page.Items...)
			if page.NextCursor == nil {
				break
			}
			q.Cursor = *page.NextCursor
		}
		same(w, "items", encoded(w, got), encoded(w, want))
	}
	w.user = wire.NewID()
	same(w, "items of somebody else", encoded(w, w.stash(wire.StashList{}).Items), "[]")
}
