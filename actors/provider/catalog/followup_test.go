package catalog

import (
	"slices"
	"testing"

	"recall/actors/recall"
)

const voiceQuestion, eraQuestion = "Is it sung by a man or a woman?", "Is it more like the 1970s or the 1990s?"

// TestAnswersNarrow: the same first words, another answer, another song.
func TestAnswersNarrow(t *testing.T) {
	t.Parallel()
	p := someProvider(t)
	for _, c := range []struct{ question, answer, want string }{
		{voiceQuestion, "a woman", "Falling Rain"},
		{voiceQuestion, "a man", "Old Harbour Rain"},
		{voiceQuestion, "the first", "Old Harbour Rain"},
		{voiceQuestion, "the second one", "Falling Rain"},
		{eraQuestion, "the nineties", "Old Harbour Rain"},
		{eraQuestion, "the former", "Falling Rain"},
		{eraQuestion, "70s I think", "Falling Rain"},
		{eraQuestion, "no, older", "Pluie d'été"},
		{"Is it from the 1990s?", "yes", "Old Harbour Rain"},
		{"Is it from the 1990s?", "no", "Falling Rain"},
		{"Is it sung by a woman from the 70s?", "yes, exactly", "Falling Rain"},
		{"Which language is it sung in?", "in French", "Pluie d'été"},
		{"Are the words in French or in English?", "the first", "Pluie d'été"},
	} {
		f := find(t, p, recall.Query{Text: c.answer, Known: recall.Known{Earlier: []string{"sad rain, farewell"}, Asked: []string{c.question}}})
		if first(f) != c.want {
			t.Errorf("%q %q finds %q, want %q", c.question, c.answer, first(f), c.want)
		}
	}
}

// TestNoAnswerChangesNothing: people often do not know.
func TestNoAnswerChangesNothing(t *testing.T) {
	t.Parallel()
	p := someProvider(t)
	for _, answer := range []string{"no idea", "I don't remember", "not sure", "no"} {
		f := find(t, p, recall.Query{Text: answer, Known: recall.Known{
			Earlier: []string{"falsetto over synthesizers"}, Asked: []string{"Do you remember any words of the chorus?"},
		}})
		if first(f) != "Lantern Street" {
			t.Errorf("%q: finds %q", answer, first(f))
		}
	}
}

func TestOlderThanWhatWasOffered(t *testing.T) {
	t.Parallel()
	p := someProvider(t)
	known := recall.Known{Earlier: []string{"sad rain, farewell, man"}, Given: []recall.Offer{{Title: "Old Harbour Rain", Artist: "Tom Ellery"}}}
	if f := find(t, p, recall.Query{Text: "older than that", Known: known}); first(f) == "Old Harbour Rain" {
		t.Error("the song offered is not older than itself")
	}
}

// TestEveryQuestionOnce follows the questions to their end.
func TestEveryQuestionOnce(t *testing.T) {
	t.Parallel()
	p := someProvider(t)
	var asked []string
	for range 2 * len(topics) {
		f := find(t, p, recall.Query{Text: "rain", Known: recall.Known{Asked: asked}})
		if f.FollowUp == "" {
			break
		}
		if slices.Contains(asked, f.FollowUp) {
			t.Fatalf("%q is asked again after %q", f.FollowUp, asked)
		}
		asked = append(asked, f.FollowUp)
	}
	if len(asked) < 3 || len(asked) > len(topics) {
		t.Errorf("asked %q", asked)
	}
}

func TestQuestionOfOthersIsNotRepeated(t *testing.T) {
	t.Parallel()
	done := askedTopics([]string{"Was that a male or a female voice?", "Which decade was it, roughly?", "Any lyrics you recall?"})
	for _, name := range []string{"voice", "era", "words"} {
		if !done[name] {
			t.Errorf("%s was asked already", name)
		}
	}
	if done["genre"] || done["tempo"] {
		t.Errorf("taken as asked: %v", done)
	}
}

// TestQuestionsAreReadBack: each of our own either-or questions has two
// options that the answers can choose from.
func TestQuestionsAreReadBack(t *testing.T) {
	t.Parallel()
	for i := range topics {
		if ask := topics[i].ask; ask != nil {
			question := ask("1970s", "1990s")
			if options := readOptions(question, 2025); len(options) != 2 {
				t.Errorf("%q reads as %d options", question, len(options))
			}
		}
	}
}
