package recall

import (
	"slices"
	"testing"

	"recall/wire"
)

// The little language of these conversations: each line is one message.

func said(text string) *wire.Posting {
	return &wire.Posting{Role: wire.RoleUser, Type: wire.TypeText, Text: text}
}

func asked(text string) *wire.Posting {
	return &wire.Posting{Role: wire.RoleAssistant, Type: wire.TypeFollowUp, Text: text}
}

func gave(title string, confidence float64, verdict wire.Verdict) *wire.Posting {
	c := song(title, confidence)
	return &wire.Posting{
		Role: wire.RoleAssistant, Type: wire.TypeCandidate, Candidate: &c, Confidence: &c.Confidence,
		SongTitle: c.Title, SongArtist: c.Artist, Verdict: verdict,
	}
}

func song(title string, confidence float64, sources ...string) wire.Candidate {
	return wire.Candidate{
		Key: SongKey("", title, "Singer"), Title: title, Artist: "Singer", Confidence: confidence, Reason: "because", Sources: sources, SourceURLs: []string{},
	}
}

func titles(offers []Offer) []string {
	out := make([]string, 0, len(offers))
	for _, o := range offers {
		out = append(out, o.Title)
	}
	return out
}

func TestKnownFrom(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		history                      []*wire.Posting
		now                          string
		earlier, asked, avoid, given []string
	}{
		"nothing yet": {now: "a slow song"},
		"the search goes on": {
			history: []*wire.Posting{said("a slow song"), gave("One", 0.65, ""), asked("Which decade?"), said("the nineties"), asked("Who sings?")},
			now:     "a woman", earlier: []string{"a slow song", "the nineties"}, asked: []string{"Which decade?", "Who sings?"}, given: []string{"One"},
		},
		"passed over below 0.6": {
			history: []*wire.Posting{said("x y z"), gave("Low", 0.59, ""), gave("Edge", 0.6, "")},
			now:     "more words here", earlier: []string{"x y z"}, avoid: []string{"Low"}, given: []string{"Edge"},
		},
		"a sure song ends the search": {
			history: []*wire.Posting{said("x y z"), asked("Which decade?"), said("eighties"), gave("Sure", 0.7, "")},
			now:     "now another one with drums", given: []string{"Sure"},
		},
		"a confirmed guess ends it too": {
			history: []*wire.Posting{said("x y z"), gave("Guess", 0.4, wire.Confirmed)},
			now:     "now another one", given: []string{"Guess"},
		},
		"a rejected sure song does not": {
			history: []*wire.Posting{said("x y z"), gave("Wrong", 0.9, wire.Rejected)},
			now:     "older than that", earlier: []string{"x y z"}, avoid: []string{"Wrong"},
		},
		"an objection takes the search up again": {
			history: []*wire.Posting{said("x y z"), asked("Who sings?"), gave("Sure", 0.9, "")},
			now:     "No, slower than that", earlier: []string{"x y z"}, asked: []string{"Who sings?"}, avoid: []string{"Sure"},
		},
		"an objection rejects the best song only": {
			history: []*wire.Posting{said("x y z"), gave("Sure", 0.9, ""), gave("Second", 0.65, "")},
			now:     "no", earlier: []string{"x y z"}, avoid: []string{"Sure"}, given: []string{"Second"},
		},
		"no is the answer to a question": {
			history: []*wire.Posting{said("x y z"), gave("Guess", 0.65, ""), asked("Is it slow?")},
			now:     "no", earlier: []string{"x y z"}, asked: []string{"Is it slow?"}, given: []string{"Guess"},
		},
		"a guess is refused in words": {
			history: []*wire.Posting{said("x y z"), gave("Best", 0.65, ""), gave("Second", 0.62, ""), asked("Is it slow?"), said("that's not it, it is older")},
			now:     "much older", earlier: []string{"x y z", "that's not it, it is older"}, asked: []string{"Is it slow?"}, avoid: []string{"Best"}, given: []string{"Second"},
		},
		"all are refused": {
			history: []*wire.Posting{said("x y z"), gave("Best", 0.65, ""), gave("Second", 0.62, "")},
			now:     "none of these", earlier: []string{"x y z"}, avoid: []string{"Best", "Second"},
		},
		"no to a confirmed song is about another": {
			history: []*wire.Posting{said("x y z"), gave("Yes", 0.9, wire.Confirmed)},
			now:     "no wait", earlier: []string{"x y z"}, given: []string{"Yes"},
		},
		"a yes is an answer": {
			history: []*wire.Posting{said("x y z"), asked("Is it slow?"), said("yes"), said("thanks"), asked("Who sings?")},
			now:     "a man", earlier: []string{"x y z", "yes"}, asked: []string{"Is it slow?", "Who sings?"},
		},
		"what it means is no clue": {
			history: []*wire.Posting{said("x y z"), asked("Who sings?"), said("what is this song about?")},
			now:     "a man", earlier: []string{"x y z"}, asked: []string{"Who sings?"},
		},
		"marks of a transcript are none": {
			history: []*wire.Posting{said("[Music]"), said("with drums [inaudible]")},
			now:     "a man", earlier: []string{"with drums"},
		},
		"rejecting the best keeps the search, whatever else was sure": {
			history: []*wire.Posting{said("x y z"), gave("Wrong", 0.9, wire.Rejected), gave("Second", 0.8, "")},
			now:     "older than that", earlier: []string{"x y z"}, avoid: []string{"Wrong"}, given: []string{"Second"},
		},
		"confirming one of them ends it": {
			history: []*wire.Posting{said("x y z"), gave("Yes", 0.9, wire.Confirmed), gave("No", 0.8, wire.Rejected)},
			now:     "older than that", avoid: []string{"No"}, given: []string{"Yes"},
		},
		"another one is another search": {
			history: []*wire.Posting{said("x y z"), gave("Guess", 0.65, "")},
			now:     "ok, now another one with drums", given: []string{"Guess"},
		},
		"another one may be an answer": {
			history: []*wire.Posting{said("x y z"), asked("This singer or another one?")},
			now:     "another one", earlier: []string{"x y z"}, asked: []string{"This singer or another one?"},
		},
		"thanks for an answer end it": {
			history: []*wire.Posting{said("x y z"), {Type: wire.TypeAnswer, Text: "It is the one from before."}, said("thanks")},
			now:     "a slow one",
		},
		"facts are asked beside the search": {
			history: []*wire.Posting{said("x y z"), gave("Guess", 0.65, ""), said("when was it released")},
			now:     "a slow one", earlier: []string{"x y z"}, given: []string{"Guess"},
		},
		"an objection in between": {
			history: []*wire.Posting{said("x y z"), gave("Sure", 0.9, ""), said("nein, langsamer"), gave("Next", 0.5, "")},
			now:     "from the sixties", earlier: []string{"x y z", "nein, langsamer"}, avoid: []string{"Sure", "Next"},
		},
		"small talk is no clue": {
			history: []*wire.Posting{said("hello"), said("x y z"), said("thanks!")},
			now:     "it has drums", earlier: []string{"x y z"},
		},
		"thanks after the find": {
			history: []*wire.Posting{said("x y z"), gave("Sure", 0.9, ""), said("thank you")},
			now:     "now one with drums", given: []string{"Sure"},
		},
		"offers outlive their search": {
			history: []*wire.Posting{said("a b c"), gave("Never", 0.8, wire.Rejected), gave("Yes", 0.9, wire.Confirmed), said("d e f"), gave("Low", 0.1, "")},
			now:     "g h i", earlier: []string{"d e f"}, avoid: []string{"Never", "Low"}, given: []string{"Yes"},
		},
		"answers and status say nothing": {
			history: []*wire.Posting{{Type: wire.TypeAnswer, Text: "x"}, {Type: wire.TypeStatus, Text: "y"}},
			now:     "z",
		},
		"a row of the earlier app": {
			history: []*wire.Posting{{Type: wire.TypeCandidate, SongTitle: "Old", SongArtist: "S", Confidence: pointer(0.8)}},
			now:     "z", given: []string{"Old"},
		},
	} {
		k := KnownFrom(c.history, c.now)
		for what, pair := range map[string][2][]string{
			"earlier": {k.Earlier, c.earlier}, "asked": {k.Asked, c.asked}, "avoid": {titles(k.Avoid), c.avoid}, "given": {titles(k.Given), c.given},
		} {
			if !slices.Equal(pair[0], pair[1]) {
				t.Errorf("%s: %s %q, want %q", name, what, pair[0], pair[1])
			}
		}
	}
}

func pointer[T any](v T) *T { return &v }
