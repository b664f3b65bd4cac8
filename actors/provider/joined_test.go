package provider

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"recall/actors/recall"
	"recall/wire"
)

// What was said is told as it was said, in order, whatever is joined: texts that follow
// one another become one, and a candidate stays where it came.
func TestTextsAreJoined(t *testing.T) {
	t.Parallel()
	song := &wire.Candidate{Title: "Africa"}
	for name, c := range map[string]struct {
		said []any
		want string
	}{
		"nothing":           {nil, ""},
		"one text":          {[]any{recall.Piece{Text: "a"}}, "a|"},
		"texts":             {[]any{recall.Piece{Text: "a"}, recall.Piece{Text: "b"}, recall.Piece{Text: "c"}}, "abc|"},
		"a song in between": {[]any{recall.Piece{Text: "a"}, recall.Piece{Candidate: song}, recall.Piece{Text: "b"}}, "a|Africa|b|"},
		"songs":             {[]any{recall.Piece{Candidate: song}, recall.Piece{Candidate: song}}, "Africa|Africa|"},
		"other pieces":      {[]any{1, 2}, "1|2|"},
	} {
		var told strings.Builder
		for _, piece := range joined(c.said) {
			p, isPiece := piece.(recall.Piece)
			switch {
			case !isPiece:
				fmt.Fprintf(&told, "%v|", piece)
			case p.Candidate != nil:
				told.WriteString(p.Candidate.Title + "|")
			default:
				told.WriteString(p.Text + "|")
			}
		}
		if told.String() != c.want {
			t.Errorf("%s: %q is told, want %q", name, told.String(), c.want)
		}
	}
}

// A model that says a token each 10 ms is told at once, and then at most 25 times a
// second; its end waits for nothing.
func TestTextIsToldAtAPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const tokens, each = 100, 10 * time.Millisecond
		said := &tape{}
		begin := time.Now()
		go func() {
			for range tokens {
				said.add(recall.Piece{Text: "x"})
				time.Sleep(each) // of synctest's clock
			}
			said.end("done", nil)
		}()
		var at []time.Duration
		var text strings.Builder
		value, err := said.follow(t.Context(), func(piece any) {
			at = append(at, time.Since(begin))
			text.WriteString(as[recall.Piece](piece).Text)
		})
		if err != nil || value != "done" || text.Len() != tokens {
			t.Fatalf("%v, %v after %d of %d letters", value, err, text.Len(), tokens)
		}
		if at[0] != 0 {
			t.Errorf("the first token was told after %v", at[0])
		}
		for i := range at[1:] {
			if gap := at[i+1] - at[i]; gap < textPause && i+2 < len(at) {
				t.Errorf("pieces %d and %d are %v apart", i, i+1, gap)
			}
		}
		if took := time.Since(begin); took != tokens*each {
			t.Errorf("the answer took %v, the model %v", took, tokens*each)
		}
	})
}
