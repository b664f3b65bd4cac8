package gpt

import (
	"strings"
	"unicode"

	"recall/actors/recall"
)

// The longest quotation of lyrics that an answer may hold: words, or letters where
// writing knows no spaces. It is the one rule that a model must not break even when
// it is talked into it.
const (
	quotedWords   = mostWords
	quotedLetters = 20
)

// ellipsis stands where an answer was cut because it went on with lyrics.
const ellipsis = " …"

// quoteGuard ends a text behind the word that makes its quotation of the lyrics too
// long. It reads the text in pieces cut anywhere and decides by whole words only, so
// that the pieces do not matter.
type quoteGuard struct {
	runs   map[string]bool // of the lyrics: every stretch that is one word too long
	length int             // of such a stretch
	recent []string        // the last words of the text, at most length
	word   []byte          // the one under way
	closed bool
}

// newQuoteGuard guards the lyrics of s; nil, which lets everything pass, for none.
func newQuoteGuard(s *recall.Song) *quoteGuard {
	if s == nil {
		return nil
	}
	words, letters := 0, 0
	g := &quoteGuard{runs: map[string]bool{}, length: quotedWords + 1}
	var all []string
	eachWord(s.Lyrics+" ", nil, func(word string, _ int) bool {
		all = append(all, word)
		if first := []rune(word)[0]; unspaced(first) {
			letters++
		} else {
			words++
		}
		return true
	})
	if letters > words {
		g.length = quotedLetters + 1
	}
	for i := 0; i+g.length <= len(all); i++ {
		g.runs[strings.Join(all[i:i+g.length], " ")] = true
	}
	return g
}

// pass gives what may be told of the next piece.
func (g *quoteGuard) pass(more string) string {
	if g == nil {
		return more
	}
	if g.closed {
		return ""
	}
	cut := len(more)
	g.word = eachWord(more, g.word, func(word string, end int) bool {
		if g.quotes(word) {
			g.closed, cut = true, end
		}
		return !g.closed
	})
	if g.closed {
		return more[:cut] + ellipsis
	}
	return more
}

// quotes adds a word and tells whether it makes the quotation too long.
func (g *quoteGuard) quotes(word string) bool {
	if len(g.recent) == g.length {
		g.recent = g.recent[:copy(g.recent, g.recent[1:])]
	}
	g.recent = append(g.recent, word)
	return len(g.recent) == g.length && g.runs[strings.Join(g.recent, " ")]
}

// eachWord gives the folded words of text, each with the place where it was known to
// be over, until f says false. begun is the part of a word that came before text; the
// part that is left at the end is returned.
func eachWord(text string, begun []byte, f func(word string, end int) bool) []byte {
	for i, r := range text {
		switch {
		case unspaced(r):
			if !give(begun, i, f) || !f(string(r), i+len(string(r))) {
				return nil
			}
			begun = begun[:0]
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), r == '\'', r == '’':
			begun = append(begun, string(r)...)
		default:
			if !give(begun, i, f) {
				return nil
			}
			begun = begun[:0]
		}
	}
	return begun
}

// give tells a word; a lone apostrophe is none.
func give(word []byte, end int, f func(string, int) bool) bool {
	folded := recall.Fold(string(word))
	return folded == "" || f(folded, end)
}

// unspaced tells the scripts that put no spaces between words.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) && unicode.IsLetter(r)
}
