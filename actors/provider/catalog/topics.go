package catalog

import (
	"fmt"
	"strings"
)

// topics are what we ask about. The wording keeps the two options on both
// sides of " or ", which is how answers.go reads them back.
var topics = [...]topic{
	{
		name: "words", about: setOf("words lyrics lyric line phrase"), gain: 0.9,
		known: func(q *query) bool { return q.quotes() },
		open:  "Do you remember any words of the chorus?",
	},
	{
		name: "era", about: setOf("decade year era when old"), gain: 0.7, answered: 0.75,
		known: func(q *query) bool { return len(q.eras) > 0 }, of: decadeOf, free: true,
		ask: func(a, b string) string {
			a, b = inOrder(a, b)
			return fmt.Sprintf("Is it more like the %s or the %s?", a, b)
		},
		open: "Roughly which decade do you think it is from?",
	},
	{
		name: "voice", about: setOf("man woman male female voice men women"), gain: 0.5, answered: 0.9,
		known: func(q *query) bool { return q.says(voices) }, of: func(r *ranked) string { return sortByWords(r, voices) },
		ask:  func(a, b string) string { a, b = inOrder(a, b); return fmt.Sprintf("Is it sung by %s or %s?", a, b) },
		open: "Is it sung by a man or a woman?",
	},
	{
		name: "language", about: setOf("language languages instrumental"), answered: 0.9, gain: 0.2,
		known: func(q *query) bool { return len(q.langs) > 0 },
		of:    func(r *ranked) string { return languageNames[r.song.Language] },
		ask: func(a, b string) string {
			a, b = sungFirst(a, b)
			return fmt.Sprintf("Is it sung in %s or %s?", a, inLanguage(b))
		},
		open: "Which language is it sung in?",
	},
	{
		name: "genre", about: setOf("genre style kind"), answered: 0.65, gain: 0.4,
		known: func(q *query) bool { return len(q.genres) > 0 }, of: func(r *ranked) string { return r.song.Genre },
		ask:  func(a, b string) string { return fmt.Sprintf("Which style is closer: %s or %s?", a, b) },
		open: "What kind of music is it: rock, pop, dance or something else?",
	},
	{
		name: "tempo", about: setOf("slow fast tempo"), answered: 0.8, gain: 0.2,
		known: func(q *query) bool { return len(q.tempos) > 0 },
		of:    func(r *ranked) string { return strings.Replace(r.song.Tempo, "medium", "", 1) },
		ask:   func(string, string) string { return "Is it a slow song or a fast one?" },
		open:  "Is it a slow song or a fast one?",
	},
	{
		name: "mood", about: setOf("mood feel feeling sad happy"), answered: 0.7, gain: 0.2,
		known: func(q *query) bool { return q.says(moods) }, of: func(r *ranked) string { return sortByWords(r, moods) },
		ask:  func(a, b string) string { return fmt.Sprintf("Does it feel more %s or more %s?", a, b) },
		open: "How does it feel: happy, sad, angry or calm?",
	},
	{
		name: "instrument", about: setOf("instrument instruments guitar piano synthesizer"), answered: 0.6, gain: 0.25,
		known: func(q *query) bool { return q.says(instruments) }, of: func(r *ranked) string { return sortByWords(r, instruments) },
		ask:  func(a, b string) string { return fmt.Sprintf("Which stands out more: the %s or the %s?", a, b) },
		open: "Which instrument stands out?",
	},
	{
		name: "place", about: setOf("where film advert radio"), gain: 0.45,
		open: "Where did you hear it: in a film, in an advert, or on the radio?",
	},
}

// sungFirst puts "instrumental" last, where the sentence can say it.
func sungFirst(a, b string) (string, string) {
	if a == languageNames["zxx"] {
		return b, a
	}
	return a, b
}

func inLanguage(name string) string {
	if name == languageNames["zxx"] {
		return "is it " + name
	}
	return "in " + name
}

// says is true when the person used a word of the answers.
func (q *query) says(sorts []sorting) bool {
	for _, u := range q.turns {
		for _, t := range u.tokens {
			for i := range sorts {
				if sorts[i].words[t.text] {
					return true
				}
			}
		}
	}
	return false
}

// quotes is true when the person quoted words of the song.
func (q *query) quotes() bool {
	for _, u := range q.turns {
		for _, t := range u.tokens {
			if t.quoted != 0 {
				return true
			}
		}
	}
	return false
}
