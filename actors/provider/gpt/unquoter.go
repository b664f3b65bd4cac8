package gpt

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// unquoter decodes the inside of a JSON string byte by byte. What is cut in the middle
// (an escape, a surrogate pair, a letter of several bytes) waits for its rest. Broken
// letters become U+FFFD, as encoding/json has it.
type unquoter struct {
	out     []byte
	escape  int  // 0: none; 1: after the backslash; 2 to 5: the digits of \u to come
	code    rune // of the digits so far
	high    rune // the first half of a pair that waits for the second; 0: none
	partial []byte
}

// The letters behind a backslash, and what they stand for.
const (
	escapes   = `"\/bfnrt`
	escapedAs = "\"\\/\b\f\n\r\t"
)

// take reads one byte. end tells that the string is over, !ok that it is no JSON.
func (u *unquoter) take(b byte) (end, ok bool) {
	switch {
	case u.escape == 1:
		return false, u.escaped(b)
	case u.escape > 1:
		return false, u.digit(b)
	case b == '\\':
		u.settleBytes()
		u.escape = 1
		return false, true
	case b == '"':
		u.settle()
		return true, true
	case b < ' ':
		return false, false
	case b < utf8.RuneSelf:
		u.settle()
		u.out = append(u.out, b)
		return false, true
	default:
		u.settleHigh()
		u.partial = append(u.partial, b)
		u.whole()
		return false, true
	}
}

// whole takes from the bytes that wait what has become a letter, or never will.
func (u *unquoter) whole() {
	for len(u.partial) > 0 && utf8.FullRune(u.partial) {
		letter, size := utf8.DecodeRune(u.partial)
		u.out = utf8.AppendRune(u.out, letter)
		u.partial = u.partial[:copy(u.partial, u.partial[size:])]
	}
}

// settle gives up what waits: its rest does not come.
func (u *unquoter) settle() {
	u.settleBytes()
	u.settleHigh()
}

func (u *unquoter) settleBytes() {
	for range u.partial {
		u.out = utf8.AppendRune(u.out, utf8.RuneError)
	}
	u.partial = u.partial[:0]
}

func (u *unquoter) settleHigh() {
	if u.high != 0 {
		u.out = utf8.AppendRune(u.out, utf8.RuneError)
		u.high = 0
	}
}

func (u *unquoter) escaped(b byte) bool {
	u.escape = 0
	if b == 'u' {
		u.escape, u.code = 2, 0
		return true
	}
	i := strings.IndexByte(escapes, b)
	if i < 0 {
		return false
	}
	u.settleHigh()
	u.out = append(u.out, escapedAs[i])
	return true
}

func (u *unquoter) digit(b byte) bool {
	var value byte
	switch {
	case '0' <= b && b <= '9':
		value = b - '0'
	case 'a' <= b|0x20 && b|0x20 <= 'f':
		value = b | 0x20 - 'a' + 10
	default:
		return false
	}
	u.code = u.code<<4 | rune(value)
	if u.escape++; u.escape == 6 {
		u.escape = 0
		u.unit(u.code)
	}
	return true
}

// unit takes a \uXXXX: a letter, or half of one.
func (u *unquoter) unit(code rune) {
	switch pair := utf16.DecodeRune(u.high, code); {
	case u.high != 0 && pair != utf8.RuneError:
		u.out, u.high = utf8.AppendRune(u.out, pair), 0
	case 0xD800 <= code && code < 0xDC00:
		u.settleHigh()
		u.high = code
	default:
		u.settleHigh()
		u.out = utf8.AppendRune(u.out, code)
	}
}
