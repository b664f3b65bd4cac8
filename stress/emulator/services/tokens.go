package services

import "unicode"

// tokenLength is the longest token in characters; four is the usual mean.
const tokenLength = 6

// tokens cuts a text into pieces like those of a model's stream: a word with the
// space before it, long words in several, punctuation by itself. Joined
// they are the text.
func tokens(text string) (out []string) {
	var piece []rune
	inWord := false
	leave := func() {
		if len(piece) > 0 {
			out = append(out, string(piece))
			piece = nil
		}
	}
	for _, r := range text {
		word := unicode.IsLetter(r) || unicode.IsDigit(r)
		afterSpace := len(piece) == 1 && piece[0] == ' '
		if len(piece) >= tokenLength || word != inWord && !afterSpace || r == ' ' {
			leave()
		}
		piece, inWord = append(piece, r), word
	}
	leave()
	return out
}

// event is one event of a stream.
func event(data []byte) []byte {
	return append(append([]byte("data: "), data...), "\n\n"...)
}
