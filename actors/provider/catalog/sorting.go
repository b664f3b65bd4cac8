package catalog

// sorting is an answer and the words that speak for it in a song's text.
type sorting struct {
	answer string
	words  map[string]bool
	slot   int // of the answer in a census
}

var (
	voices = []sorting{
		{answer: "a man", words: setOf("man mans male he his men baritone tenor rapper boy")},
		{answer: "a woman", words: setOf("woman womans female she her women girl girls soprano")},
	}
	moods = []sorting{
		{answer: "happy", words: setOf("happy cheerful joyful upbeat festive fun sunny playful euphoric carefree danceable uplifting party silly")},
		{answer: "sad", words: setOf("sad melancholic melancholy wistful heartbroken mournful lonely longing bittersweet sorrowful gloomy regretful")},
		{answer: "angry", words: setOf("angry aggressive defiant menacing furious rowdy")},
		{answer: "calm", words: setOf("calm gentle tender dreamy mellow peaceful warm intimate romantic soft")},
	}
	instruments = []sorting{
		{answer: "guitar", words: setOf("guitar guitars")}, {answer: "piano", words: setOf("piano")}, {answer: "synthesizer", words: setOf("synth synths synthesizer")},
		{answer: "strings", words: setOf("strings orchestra violins violin")}, {answer: "brass", words: setOf("brass trumpet horns saxophone sax")},
	}
)

// census counts the words of a song's text that speak for each answer, four bits for
// each answer and at most 15. It is made once, when the song is indexed: to fold the
// texts of 16 songs for one question took an eighth of a search.
type census uint64

const censusBits, censusMost = 4, 15

// sortingWords are the answers that each word speaks for, as what it adds to a census.
var sortingWords = wordsOf(voices, moods, instruments)

// wordsOf numbers the answers, too: each sorting's slot is its place among all.
func wordsOf(all ...[]sorting) map[string]census {
	words, slot := map[string]census{}, 0
	for _, sorts := range all {
		for i := range sorts {
			sorts[i].slot = slot
			for word := range sorts[i].words {
				words[word] |= 1 << (censusBits * slot)
			}
			slot++
		}
	}
	return words
}

// count adds a folded word.
func (t *census) count(word []byte) {
	for adds := sortingWords[string(word)]; adds != 0; adds &= adds - 1 {
		if one := adds & -adds; *t&(one*censusMost) != one*censusMost {
			*t += one
		}
	}
}

func (t census) of(s *sorting) int { return int(t >> (censusBits * s.slot) & censusMost) }

// sortByWords is the answer that most of the song's words speak for; a draw
// between the two best tells nothing.
func sortByWords(r *ranked, sorts []sorting) string {
	most, draw := 0, true
	for i := range sorts {
		n := r.census.of(&sorts[i])
		switch {
		case n > r.census.of(&sorts[most]) || i == 0:
			most, draw = i, n == 0
		case n == r.census.of(&sorts[most]):
			draw = true
		}
	}
	if draw {
		return ""
	}
	return sorts[most].answer
}
