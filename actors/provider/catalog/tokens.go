package catalog

import (
	"unicode"
	"unicode/utf8"
)

// eachToken calls f with every token of folded text (recall.AppendFold). Words
// of scripts written without spaces come as pairs of neighbouring characters,
// so that a part of a title is found without a dictionary.
func eachToken(folded []byte, f func(token []byte)) {
	start := 0
	for i := 0; i <= len(folded); i++ {
		if i < len(folded) && folded[i] != ' ' {
			continue
		}
		if i > start {
			splitUnspaced(folded[start:i], f)
		}
		start = i + 1
	}
}

func splitUnspaced(word []byte, f func([]byte)) {
	if word[0] < utf8.RuneSelf || !hasUnspaced(word) {
		f(word)
		return
	}
	_, first := utf8.DecodeRune(word)
	if first == len(word) {
		f(word)
		return
	}
	for at, next := 0, first; next < len(word); {
		_, size := utf8.DecodeRune(word[next:])
		f(word[at : next+size])
		at, next = next, next+size
	}
}

func hasUnspaced(word []byte) bool {
	r, _ := utf8.DecodeRune(word)
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
}

// stem cuts English endings lightly: enough that "dancing", "danced",
// "dances" and "dance" meet, and "believin" meets "believing"; nothing that
// needs a dictionary. The result shares the array of word.
func stem(word []byte) []byte {
	if len(word) < 3 || word[0] >= utf8.RuneSelf {
		return word
	}
	if len(word) > 3 {
		word = cutEndings(word)
	}
	if n := len(word); n > 2 && word[n-1] == 'y' && !vowel(word[n-2]) { // cry as in cried
		word = append(word[:n-1:n-1], 'i')
	}
	return word
}

func cutEndings(word []byte) []byte {
	word = cutPlural(word)
	word = cutVerb(word)
	switch n := len(word); {
	case n > 5 && word[n-2] == 'l' && word[n-1] == 'y':
		word = word[:n-2]
	case n > 4 && word[n-1] == 'e':
		word = word[:n-1]
	}
	return word
}

func cutPlural(w []byte) []byte {
	n := len(w)
	if w[n-1] != 's' || w[n-2] == 's' || w[n-2] == 'u' || w[n-2] == 'i' {
		return w
	}
	if n > 4 && w[n-2] == 'e' {
		switch {
		case w[n-3] == 'i':
			return append(w[:n-3:n-3], 'y')
		case w[n-3] == 's' || w[n-3] == 'x' || w[n-3] == 'z' || (w[n-3] == 'h' && (w[n-4] == 'c' || w[n-4] == 's')):
			return w[:n-2]
		}
	}
	return w[:n-1]
}

func cutVerb(w []byte) []byte {
	for _, ending := range [...]string{"ing", "ed", "in"} {
		cut := len(w) - len(ending)
		if cut < 3 || (ending == "in" && cut < 4) || string(w[cut:]) != ending || !hasVowel(w[:cut]) {
			continue
		}
		w = w[:cut]
		if n := len(w); w[n-1] == w[n-2] && w[n-1] != 'l' && w[n-1] != 's' { // running → run
			w = w[:n-1]
		}
		return w
	}
	return w
}

func hasVowel(w []byte) bool {
	for _, b := range w {
		if vowel(b) || b == 'y' {
			return true
		}
	}
	return false
}

func vowel(b byte) bool {
	return b == 'a' || b == 'e' || b == 'i' || b == 'o' || b == 'u'
}

func stemString(word string) string { return string(stem([]byte(word))) }
