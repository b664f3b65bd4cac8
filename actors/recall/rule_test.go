package recall

import (
	"testing"
	"unicode"
)

var everyRule = map[string]*rule{
	"information": &information, "what about": &whatAbout, "find song": &findSong, "refusal": &refusal, "refusal of all": &refusalOfAll,
}

// TestRulesKnowTheirWords: a text that has the form of a rule has a word of it. The
// texts go through every alternative of the forms.
func TestRulesKnowTheirWords(t *testing.T) {
	t.Parallel()
	for name, texts := range map[string][]string{
		"information": {
			"Who WROTE it", "when did it", "which album", "What year", "what else have", "tell me about", "tell me more about", "wer singt", "wann wurde",
			"quién canta", "quien cantó", "Qui chante", "qui a écrit", "chi canta", "chi ha scritto", "quem cantou", "кто поёт", "КТО написал", "кто исполняет",
		},
		"what about": {"what is it about?", "So WHAT is that song ABOUT"},
		"find song": {
			"find it", "identify this", "which song", "what's the name of that song", "whats the song", "Name That", "name of", "looking for", "a song", "the tune", "THIS track",
			"wie heißt", "Wie heisst", "cómo se llama", "como se llama", "comment s'appelle", "comment s’appelle", "come si chiama", "como se chama", "qual é o nome", "qual e o nome",
			"что за песня", "что это за песня", "Как называется", "この曲は", "この歌は",
		},
		"refusal":        {"not it", "isn't that", "isnt it", "wasn't this one.", "Not that song", "wrong one", "WRONG song"},
		"refusal of all": {"none of these", "Neither of them", "not any of the"},
	} {
		for _, text := range texts {
			if r := everyRule[name]; !r.form.MatchString(text) || !r.fits(text) {
				t.Errorf("%s: %q has the form: %v; it fits: %v", name, text, r.form.MatchString(text), r.fits(text))
			}
		}
	}
}

// FuzzRules: what has a form has a word of it, whatever it says. The two letters that
// are equal to another but for their case, and yet are lower case, count as others.
func FuzzRules(f *testing.F) {
	f.Add("what is that song about")
	f.Add("Wie HEIẞT das Lied")
	f.Add("it is not that one, none of these")
	f.Add("¿de qué se va la canción?")
	f.Add("о чём поётся в песне")
	f.Fuzz(func(t *testing.T, text string) {
		for _, r := range text {
			if unicode.ToLower(unicode.SimpleFold(r)) != unicode.ToLower(r) {
				return
			}
		}
		for name, r := range everyRule {
			if r.form.MatchString(text) != r.fits(text) {
				t.Fatalf("%s: %q has the form without a word of it", name, text)
			}
		}
		for i := range meaningForms {
			if m := &meaningForms[i]; m.form.MatchString(text) && !m.fits(text) {
				t.Fatalf("%v: %q asks for a meaning without any of them", m.words, text)
			}
		}
	})
}
