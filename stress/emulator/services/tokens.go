package services

import "unicode"

// tokenLength is the longest token in characters; four is the usual mean.
const tokenLength = 6

// tokens cuts a text into pieces like those of a model's stream: a word with the
// space before it, long words in several, punctuation by itself. Joined
// they are the text.
func tokens(text string) (out []string) {
	out = make([]string, 0, len(text)/3)
	from, length := 0, 0 // of the piece: where it begins, in characters
	inWord := false
	for at, r := range text {
		word := unicode.IsLetter(r) || unicode.IsDigit(r)
		afterSpace := length == 1 && text[from] == ' '
		if length >= tokenLength || length > 0 && (word != inWord && !afterSpace || r == ' ') {
			out = append(out, text[from:at])
			from, length = at, 0
		}
		length, inWord = length+1, word
	}
	if length > 0 {
		out = append(out, text[from:])
	}
	return out
}

// event is one event of a stream.
func event(data []byte) []byte {
	return append(append([]byte("data: "), data...), "\n\n"...)
}
