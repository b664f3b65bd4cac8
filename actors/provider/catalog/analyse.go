package catalog

import "strings"

// wish is an attribute of the song that was named.
type wish[T any] struct {
	what   T
	said   string // in the person's words
	weight float32
	not    bool
}

// utterance is what one turn of the person says about the song.
type utterance struct {
	tokens []token
	spoken int // tokens of the person; those adopted from a question follow
	eras   []wish[era]
	genres []wish[string]
	langs  []wish[string]
	tempos []wish[tempo]
	older  int // -1 "older than that", +1 "newer"
}

// How much an attribute is worth beside words, whose worth is the logarithm
// of their rarity: about the same logarithm for "one song in so many".
const (
	eraWeight      = 2.6
	genreWeight    = 1.7
	languageWeight = 2.6
	tempoWeight    = 0.8
)

// analyse reads text. now is the current year; isName tells whether tokens
// from..to are, taken together, a known title.
func analyse(text string, now int, isName func([]token) bool) utterance {
	u := utterance{tokens: tokenise(text)}
	u.spoken = len(u.tokens)
	negate(u.tokens, func(from, to int) bool { return isName(u.tokens[from:to]) })
	u.readEras(now)
	for i := range u.tokens {
		if u.tokens[i].used || u.tokens[i].quoted != 0 {
			continue
		}
		u.readStyle(i)
	}
	u.readRelative()
	return u
}

func (u *utterance) readEras(now int) {
	for i := 0; i < len(u.tokens); {
		e, n := eraAt(u.tokens, i, now)
		if n == 0 || u.tokens[i].quoted != 0 {
			i++
			continue
		}
		u.eras = append(u.eras, wish[era]{e, e.said, eraWeight, u.tokens[i+n-1].not})
		for range n {
			u.tokens[i].used = true
			i++
		}
	}
}

// readStyle takes the longest genre, language or tempo name at i.
func (u *utterance) readStyle(i int) {
	t := u.tokens[i]
	genreDone, langDone, tempoDone := false, false, false
	var room [saidRoom]byte
	for n := min(3, len(u.tokens)-i); n > 0; n-- {
		name := appendSaid(room[:0], u.tokens[i:i+n])
		if g, known := genreNames[string(name)]; known && !genreDone && !u.insideGenre(i, n) {
			u.genres = append(u.genres, wish[string]{g.genre, string(name), genreWeight, t.not})
			genreDone = true
		}
		if code := languageWords[string(name)]; code != "" && !langDone {
			u.langs = append(u.langs, wish[string]{code, string(name), languageWeight * u.languageShare(i, code), t.not})
			langDone = true
		}
		if speed, known := tempoWords[string(name)]; known && !tempoDone {
			u.tempos = append(u.tempos, wish[tempo]{speed, string(name), tempoWeight, t.not})
			tempoDone = true
		}
	}
}

// insideGenre is true of "pop" in "synth pop", which was read from "synth" on.
func (u *utterance) insideGenre(i, n int) bool {
	var room [saidRoom]byte
	for from := max(0, i-2); from < i; from++ {
		for to := i + n; to <= min(len(u.tokens), from+3); to++ {
			if _, known := genreNames[string(appendSaid(room[:0], u.tokens[from:to]))]; known {
				return true
			}
		}
	}
	return false
}

// languageShare: "in French" is about the words, "a French singer" perhaps;
// "English" alone more often is the country.
func (u *utterance) languageShare(i int, code string) float32 {
	if i > 0 && (u.tokens[i-1].text == "in" || u.tokens[i-1].text == "sung") || len(u.tokens) <= 3 || code == "zxx" {
		return 1
	}
	if code == "en" {
		return 0.25
	}
	return 0.7
}

func (u *utterance) readRelative() {
	for i, t := range u.tokens {
		if t.used || t.quoted != 0 {
			continue
		}
		pointed := i+2 < len(u.tokens) && u.tokens[i+1].text == "than" && (strings.HasPrefix(u.tokens[i+2].text, "th") || u.tokens[i+2].text == "it")
		if !pointed && len(u.tokens) > 5 {
			continue
		}
		switch t.text {
		case "older", "earlier":
			u.older = -1
		case "newer", "later", "recent":
			u.older = 1
		}
	}
}
