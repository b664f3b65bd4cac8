package catalog

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"recall/actors/recall"
)

// token is a folded word of what a person said.
type token struct {
	text       string
	clause     int  // rises at commas, full stops, brackets
	quoted     int  // 0, or which quotation it is part of
	apostrophe bool // '85
	not        bool // within a negation
	used       bool // read as an era, no word of the song
}

// maxTokens bounds the work of one utterance: a person's description is 10 to
// 60 words; what is pasted beyond is not read.
const maxTokens = 200

// usualWord is how many bytes of text there are to a token, at least, mostly.
const usualWord = 5

// tokenise cuts text into tokens and remembers clauses and quotations.
func tokenise(text string) []token {
	t := tokeniser{text: text, tokens: make([]token, 0, min(len(text)/usualWord+1, maxTokens))}
	runes, i := []rune(text), -1
	for at, r := range text {
		i++
		if len(t.tokens) >= maxTokens {
			return t.tokens
		}
		switch {
		case unicode.IsSpace(r):
			t.flush(at, utf8.RuneLen(r))
		case isQuote(r) || isSingleQuote(r, runes, i, t.quoted != 0):
			t.flush(at, utf8.RuneLen(r))
			t.quote()
		case strings.ContainsRune(",.;:?!()[]…，。", r) && !isInside(runes, i):
			t.flush(at, utf8.RuneLen(r))
			t.clause++
		}
	}
	t.flush(len(text), 0)
	return t.tokens
}

type tokeniser struct {
	tokens         []token
	text           string
	start          int // in text, of the word under way
	folded         []byte
	clause         int
	quoted, quotes int
}

// flush ends the word under way at at, where gap bytes follow that are no word.
func (t *tokeniser) flush(at, gap int) {
	raw := t.text[t.start:at]
	t.start = at + gap
	if raw == "-" || raw == "–" || raw == "—" {
		t.clause++
		return
	}
	elided := len(raw) >= 3 && strings.ContainsAny(raw[:1], "'`") || strings.HasPrefix(raw, "’")
	t.folded = recall.AppendFold(t.folded[:0], raw)
	eachToken(t.folded, func(word []byte) {
		if len(word) > maxTermLength {
			word = word[:maxTermLength]
		}
		t.tokens = append(t.tokens, token{text: string(word), clause: t.clause, quoted: t.quoted, apostrophe: elided})
	})
}

func (t *tokeniser) quote() {
	if t.quoted != 0 {
		t.quoted = 0
		return
	}
	t.quotes++
	t.quoted = t.quotes
}

func isQuote(r rune) bool { return strings.ContainsRune("\"“”„«»", r) }

// isSingleQuote tells a quotation in single quotes from an apostrophe: it
// opens before a letter at the start of a word, and a partner closes it.
func isSingleQuote(r rune, runes []rune, i int, open bool) bool {
	if r != '\'' && r != '‘' && r != '’' {
		return false
	}
	if open {
		return i > 0 && unicode.IsLetter(runes[i-1]) && (i+1 == len(runes) || !unicode.IsLetter(runes[i+1]))
	}
	if i > 0 && !unicode.IsSpace(runes[i-1]) || i+1 >= len(runes) || !unicode.IsLetter(runes[i+1]) {
		return false
	}
	for j := i + 2; j < min(len(runes), i+60); j++ {
		if (runes[j] == '\'' || runes[j] == '’') && (j+1 == len(runes) || !unicode.IsLetter(runes[j+1])) {
			return true
		}
	}
	return false
}

// isInside is true of punctuation that is part of a word: "P!nk", "M.I.A".
func isInside(runes []rune, i int) bool {
	return i > 0 && i+1 < len(runes) && unicode.IsLetter(runes[i-1]) && unicode.IsLetter(runes[i+1])
}
