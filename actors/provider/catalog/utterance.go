package catalog

import (
	"strings"
	"unicode"

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

// tokenise cuts text into tokens and remembers clauses and quotations.
func tokenise(text string) []token {
	t := tokeniser{}
	runes := []rune(text)
	for i, r := range runes {
		if len(t.tokens) >= maxTokens {
			break
		}
		switch {
		case unicode.IsSpace(r):
			t.flush()
		case isQuote(r) || isSingleQuote(r, runes, i, t.quoted != 0):
			t.flush()
			t.quote()
		case strings.ContainsRune(",.;:?!()[]…，。", r) && !isInside(runes, i):
			t.flush()
			t.clause++
		default:
			t.word.WriteRune(r)
		}
	}
	t.flush()
	return t.tokens
}

type tokeniser struct {
	tokens         []token
	word           strings.Builder
	clause         int
	quoted, quotes int
}

func (t *tokeniser) flush() {
	raw := t.word.String()
	t.word.Reset()
	if raw == "-" || raw == "–" || raw == "—" {
		t.clause++
		return
	}
	elided := len(raw) >= 3 && strings.ContainsAny(raw[:1], "'`") || strings.HasPrefix(raw, "’")
	eachToken(recall.AppendFold(nil, raw), func(word []byte) {
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
