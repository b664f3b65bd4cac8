package catalog

import (
	"slices"

	"recall/actors/recall"
)

// sorting is an answer and the words that speak for it in a song's text.
type sorting struct {
	answer string
	words  map[string]bool
}

var (
	voices = []sorting{
		{"a man", setOf("man mans male he his men baritone tenor rapper boy")},
		{"a woman", setOf("woman womans female she her women girl girls soprano")},
	}
	moods = []sorting{
		{"happy", setOf("happy cheerful joyful upbeat festive fun sunny playful euphoric carefree danceable uplifting party silly")},
		{"sad", setOf("sad melancholic melancholy wistful heartbroken mournful lonely longing bittersweet sorrowful gloomy regretful")},
		{"angry", setOf("angry aggressive defiant menacing furious rowdy")},
		{"calm", setOf("calm gentle tender dreamy mellow peaceful warm intimate romantic soft")},
	}
	instruments = []sorting{
		{"guitar", setOf("guitar guitars")}, {"piano", setOf("piano")}, {"synthesizer", setOf("synth synths synthesizer")},
		{"strings", setOf("strings orchestra violins violin")}, {"brass", setOf("brass trumpet horns saxophone sax")},
	}
)

// sortingWords are the words of all sortings, each as it is.
var sortingWords = wordsOf(voices, moods, instruments)

func wordsOf(all ...[]sorting) map[string]string {
	words := map[string]string{}
	for _, s := range slices.Concat(all...) {
		for word := range s.words {
			words[word] = word
		}
	}
	return words
}

// sortingWordsOf are the words of a text that sort songs, in their order: some two of
// forty, so that the others are looked up once and not for each answer.
func sortingWordsOf(text string) (words []string) {
	eachToken(recall.AppendFold(nil, text), func(word []byte) {
		if known, sorts := sortingWords[string(word)]; sorts {
			words = append(words, known)
		}
	})
	return words
}

// sortByWords counts the words of each answer in the song's text; a draw
// between the two best tells nothing.
func sortByWords(r *ranked, sorts []sorting) string {
	counts := make([]int, len(sorts))
	for _, word := range r.words {
		for i := range sorts {
			if sorts[i].words[word] {
				counts[i]++
			}
		}
	}
	most, draw := 0, true
	for i, n := range counts {
		switch {
		case n > counts[most] || i == 0:
			most, draw = i, n == 0
		case n == counts[most]:
			draw = true
		}
	}
	if draw {
		return ""
	}
	return sorts[most].answer
}
