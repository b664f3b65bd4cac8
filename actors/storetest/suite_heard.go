package storetest

import "recall/wire"

// voice writes a voice note of the user, of which no word is known yet.
func (x *writer) voice() *wire.Posting {
	x.Helper()
	c := x.step()
	p := x.posting(c.Seq)
	p.Type, p.Text, p.EditedTranscript, p.MediaID = wire.TypeVoice, "", "as edited", wire.NewID()
	c.Postings = []*wire.Posting{p}
	return x.write(c).Postings[0]
}

// heard is the step that tells the words of p.
func (x *writer) heard(p *wire.Posting, text, raw string) *wire.Commit {
	c := x.step()
	words := *p
	words.Text, words.RawTranscript = text, raw
	c.Heard = &words
	return c
}

func (x *writer) reads(id wire.ID) *wire.Posting {
	x.Helper()
	p, err := x.store.Posting(x.Context(), x.Thread.ID, id)
	x.ok(err)
	return p
}

// The words of a message come with a later step, may come again, and nothing else
// of the message changes with them.
func heardWordsAreKept(w *world) {
	x := w.thread()
	p, other := x.voice(), x.voice()
	for _, words := range [][2]string{{"take on me", "take on me, take me on"}, {"– 歌 🎵 \"\\", ""}, {"", "raw"}} {
		c := x.write(x.heard(p, words[0], words[1]))
		x.write(c) // its answer may have been lost
		same(w, "message", encoded(w, x.reads(p.ID)), encoded(w, c.Heard))
	}
	same(w, "another message", encoded(w, x.reads(other.ID)), encoded(w, other))
	same(w, "text of the posting that was handed in", p.Text, "")
	page, err := w.store.Page(w.Context(), wire.PageQuery{ThreadID: x.Thread.ID, Limit: 5})
	w.ok(err)
	same(w, "transcript on the page", page.Postings[0].RawTranscript, "raw")
}

// A conclusion tells the words together with new messages and the end of the
// recall; even the message itself may be of the same step.
func heardWithItsMessage(w *world) {
	x := w.thread()
	c := x.ask()
	words := *c.Postings[0]
	words.Text, words.RawTranscript = "heard", "herd"
	c.Heard = &words
	x.write(c)
	same(w, "text", x.reads(words.ID).Text, "heard")

	end := x.end(c.Accepted.ID)
	end.Postings = []*wire.Posting{x.posting(end.Seq)}
	again := words
	again.Text = "heard better"
	end.Heard = &again
	x.write(end)
	same(w, "text", x.reads(words.ID).Text, "heard better")
	same(w, "open recalls", len(x.again().Open), 0)
}

func heardNeedsTheUsersMessage(w *world) {
	x, other := w.thread(), w.thread()
	mine := x.voice()
	ours := x.step()
	answer := x.full(ours.Seq)
	ours.Postings = []*wire.Posting{answer}
	x.write(ours)
	seq := x.seq
	missing := *mine
	missing.ID = wire.NewID()
	for _, p := range []*wire.Posting{&missing, other.voice(), answer} {
		c := x.heard(p, "words", "words")
		c.Postings = []*wire.Posting{x.posting(c.Seq)}
		w.code(w.store.Commit(w.Context(), c), wire.CodeNotFound)
	}
	atOnce := x.step()
	own := x.full(atOnce.Seq)
	atOnce.Postings, atOnce.Heard = []*wire.Posting{own}, own
	w.code(w.store.Commit(w.Context(), atOnce), wire.CodeNotFound)
	same(w, "answer", x.reads(answer.ID).Text, answer.Text)
	x.unchanged(seq)
}

func staleHeardWritesNothing(w *world) {
	x := w.thread()
	p := x.voice()
	x.again()
	w.is(w.store.Commit(w.Context(), x.heard(p, "words", "words")), wire.ErrStale)
	same(w, "text", x.reads(p.ID).Text, "")
}
