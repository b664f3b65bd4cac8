package gpt

import (
	"strings"
	"unicode/utf8"

	"recall/actors/recall"
	"recall/wire"
)

// The longest that a model's words may be, in characters: several times of what we ask
// it for. A model that is talked into more, or gone mad, must not fill the conversation
// for ever, nor the queues of those who read it.
const (
	longestName   = 300 // of a song or an artist
	longestRemark = 1000
	longestSpeech = wire.MaxText // a transcript, what is seen in a picture
)

// longestAnswer is in bytes, since an answer is told in pieces.
const longestAnswer = 16 << 10

// plain is text without controls other than ends of lines and tabs. A database refuses
// a NUL, and one in a model's words would cost the whole recall; the others are orders
// to a terminal. It takes out single bytes, so that the pieces of a text may be cut
// anywhere.
func plain(text string) string {
	at := 0
	for at < len(text) && isPlain(text[at]) {
		at++
	}
	if at == len(text) { // as nearly all is
		return text
	}
	kept := append(make([]byte, 0, len(text)), text[:at]...)
	for _, b := range []byte(text[at:]) {
		if isPlain(b) {
			kept = append(kept, b)
		}
	}
	return string(kept)
}

func isPlain(b byte) bool { return b >= ' ' && b != 0x7F || b == '\n' || b == '\t' }

// tidy is text as it may stand in a message, at most so many characters.
func tidy(text string, most int) string {
	return strings.TrimSpace(clip(strings.TrimSpace(plain(text)), most))
}

// wording passes of an answer's text what may be told, piece by piece: the pieces do
// not matter.
type wording struct {
	guard *quoteGuard
	left  int // bytes
}

func newWording(s *recall.Song) *wording {
	return &wording{guard: newQuoteGuard(s), left: longestAnswer}
}

// pass gives what may be told of the next piece.
func (w *wording) pass(more string) string {
	more = plain(more)
	if len(more) <= w.left {
		w.left -= len(more)
		return w.guard.pass(more)
	}
	for w.left > 0 && !utf8.RuneStart(more[w.left]) {
		w.left--
	}
	more, w.left = more[:w.left], 0
	return w.guard.pass(more)
}
