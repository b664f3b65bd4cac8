package gpt

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"recall/actors/recall"
	"recall/wire"
)

// FuzzTelling: what is told on the way is what stands in the draft, however the answer
// comes and whatever it says, and no draft breaks the bounds of RECALL.md.
func FuzzTelling(f *testing.F) {
	f.Add(written, byte(4))
	f.Add(meaning(lyrics), byte(1))
	f.Add(document, byte(9))
	f.Fuzz(func(t *testing.T, text string, size byte) {
		if _, readable := strictly(text); !readable {
			return
		}
		for _, b := range []recall.Brief{brief(), songBrief(lyrics)} {
			draft, err := decode(text, b)
			if err != nil {
				continue
			}
			check(t, draft)
			candidates, words := tellOf(text, b, int(size)%32+1)
			if len(candidates) != len(draft.Candidates) || len(candidates) > 0 && !reflect.DeepEqual(candidates, draft.Candidates) {
				t.Fatalf("told %+v, draft %+v", candidates, draft.Candidates)
			}
			if draft.Answer != nil && draft.Answer.Text != words {
				t.Fatalf("told %q, draft %q", words, draft.Answer.Text)
			}
		}
	})
}

func tellOf(text string, b recall.Brief, size int) (candidates []wire.Candidate, words string) {
	told := telling{picker: newPicker(b), words: newWording(b.Song), tell: func(p recall.Piece) {
		if p.Candidate != nil {
			candidates = append(candidates, *p.Candidate)
		}
		words += p.Text
	}}
	r := newReader(told.candidate, told.text)
	for len(text) > 0 {
		n := min(size, len(text))
		r.feed(text[:n])
		text = text[n:]
	}
	return candidates, words
}

func check(t *testing.T, d recall.Draft) {
	t.Helper()
	if len(d.Candidates) > mostCandidates || d.Confidence < 0 || d.Confidence > 1 {
		t.Fatalf("%+v", d)
	}
	for _, c := range d.Candidates {
		if c.Title == "" || c.Confidence < 0 || c.Confidence > 1 || len(strings.Fields(c.LyricSnippet)) > mostWords || c.SourceURLs == nil {
			t.Fatalf("%+v", c)
		}
	}
	if _, err := json.Marshal(d); err != nil {
		t.Fatal(err)
	}
}
