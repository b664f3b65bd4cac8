package storetest

import (
	"encoding/json"
	"strings"
	"time"

	"recall/wire"
)

// full is a message with everything that one can have.
func (x *writer) full(seq int64) *wire.Posting {
	confidence := 0.8125
	p := x.posting(seq)
	p.Role, p.Type = wire.RoleAssistant, wire.TypeCandidate
	p.Text = "Is it this one? \"Ça plane\" – 歌 🎵\n\\ \u2028 " + strings.Repeat("x", 4000)
	p.RawTranscript, p.EditedTranscript = "raw", "edited"
	p.MediaID, p.RecallID = wire.NewID(), wire.NewID()
	p.Candidate = &wire.Candidate{Key: "k", Title: "T", Artist: "A", Album: "L", Year: 1985, ISRC: "GBAYE8500012", Confidence: confidence,
		Reason: "because", Background: "b", LyricSnippet: "s", SourceURLs: []string{"https://example.org/a?b=c&d"}, Sources: []string{"catalog"}}
	p.Sources = json.RawMessage(`["catalog"]`)
	p.Confidence = &confidence
	p.SongTitle, p.SongArtist, p.SongURL = "T", "A", "https://example.org/t"
	p.Verdict = wire.Confirmed
	return p
}

func postingsComeBackWhole(w *world) {
	x := w.thread()
	c := x.step()
	c.Postings = []*wire.Posting{x.full(c.Seq), x.posting(c.Seq + 1)}
	c.Postings[1].Candidate = &wire.Candidate{Key: "k", SourceURLs: []string{}, Sources: []string{}}
	x.seq++
	c.Seq = x.seq
	x.write(c)
	page, err := w.store.Page(w.Context(), wire.PageQuery{ThreadID: x.Thread.ID, Limit: 5})
	w.ok(err)
	same(w, "messages", len(page.Postings), 2)
	for i, want := range c.Postings {
		same(w, "message", encoded(w, page.Postings[i]), encoded(w, want))
		one, err := w.store.Posting(w.Context(), x.Thread.ID, want.ID)
		w.ok(err)
		same(w, "message by id", encoded(w, one), encoded(w, want))
	}
}

func encoded(w *world, v any) string {
	b, err := json.Marshal(v)
	w.ok(err)
	return string(b)
}

// gappy is a thread with messages 2, 4, … 20: between them are events that left
// none.
func gappy(w *world) *writer {
	x := w.thread()
	for range 10 {
		x.seq++
		x.say()
	}
	return x
}

func newestPage(w *world) {
	x := gappy(w)
	x.sees(wire.PageQuery{Limit: 3}, true, 16, 18, 20)
	x.sees(wire.PageQuery{Limit: 9}, true, 4, 6, 8, 10, 12, 14, 16, 18, 20)
	x.sees(wire.PageQuery{Limit: 10}, false, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20)
	x.sees(wire.PageQuery{Limit: 11}, false, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20)
}

func pagesBackwards(w *world) {
	x := gappy(w)
	x.sees(wire.PageQuery{Before: 21, Limit: 2}, true, 18, 20)
	x.sees(wire.PageQuery{Before: 20, Limit: 2}, true, 16, 18)
	x.sees(wire.PageQuery{Before: 7, Limit: 3}, false, 2, 4, 6)
	x.sees(wire.PageQuery{Before: 7, Limit: 2}, true, 4, 6)
	x.sees(wire.PageQuery{Before: 3, Limit: 2}, false, 2)
	x.sees(wire.PageQuery{Before: 2, Limit: 2}, false)
	x.sees(wire.PageQuery{Before: 1, Limit: 2}, false)
}

func pagesForwards(w *world) {
	x := gappy(w)
	x.sees(wire.PageQuery{After: 0, Forward: true, Limit: 3}, true, 2, 4, 6)
	x.sees(wire.PageQuery{After: 6, Forward: true, Limit: 3}, true, 8, 10, 12)
	x.sees(wire.PageQuery{After: 7, Forward: true, Limit: 6}, true, 8, 10, 12, 14, 16, 18)
	x.sees(wire.PageQuery{After: 7, Forward: true, Limit: 7}, false, 8, 10, 12, 14, 16, 18, 20)
	x.sees(wire.PageQuery{After: 19, Forward: true, Limit: 3}, false, 20)
	x.sees(wire.PageQuery{After: 20, Forward: true, Limit: 3}, false)
}

func emptyPages(w *world) {
	x := w.thread()
	x.sees(wire.PageQuery{Limit: 3}, false)
	page, err := w.store.Page(w.Context(), wire.PageQuery{ThreadID: wire.NewID(), Limit: 3})
	w.ok(err)
	if page.Postings == nil || len(page.Postings) > 0 {
		w.Fatalf("messages %v, want an empty list that is not nil", page.Postings)
	}
}

// Clocks of two machines differ, so that a later message may carry an earlier
// time: seq decides.
func orderIsSeqNotTime(w *world) {
	x := w.thread()
	c := x.step()
	at := w.now()
	for i := range int64(4) {
		p := x.posting(c.Seq + i)
		p.CreatedAt = at
		if i >= 2 {
			p.CreatedAt = wire.At(at.Add(-time.Hour))
		}
		c.Postings = append(c.Postings, p)
	}
	c.Seq += 3
	x.write(c)
	x.sees(wire.PageQuery{Limit: 4}, false, 1, 2, 3, 4)
	x.sees(wire.PageQuery{Limit: 2}, true, 3, 4)
	x.sees(wire.PageQuery{Before: 4, Limit: 2}, true, 2, 3)
}

func postingOfThread(w *world) {
	x, other := w.thread(), w.thread()
	p := x.say()
	_, err := w.store.Posting(w.Context(), other.Thread.ID, p.ID)
	w.code(err, wire.CodeNotFound)
	_, err = w.store.Posting(w.Context(), x.Thread.ID, wire.NewID())
	w.code(err, wire.CodeNotFound)
}

func threadOfMessage(w *world) {
	x := w.thread()
	p := x.say()
	id, err := w.store.ThreadOfMessage(w.Context(), w.user, p.ID)
	w.ok(err)
	same(w, "thread", id, x.Thread.ID)
	_, err = w.store.ThreadOfMessage(w.Context(), wire.NewID(), p.ID)
	w.code(err, wire.CodeNotFound)
	_, err = w.store.ThreadOfMessage(w.Context(), w.user, wire.NewID())
	w.code(err, wire.CodeNotFound)
}
