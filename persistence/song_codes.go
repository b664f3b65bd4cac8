package persistence

import (
	"slices"
	"strings"
)

// The fields of a song that hold a word of a closed set or a code of fixed
// shape. Each check first brings its value into the usual spelling.

func checkTempo(s *string) *RowError {
	*s = strings.ToLower(strings.TrimSpace(*s))
	if !slices.Contains(tempos, *s) {
		return badField("tempo", "%s is not slow, medium or fast", quoteShort(*s))
	}
	return nil
}

// checkLanguage asks for the shape of an ISO 639-1 code, not for membership:
// "zxx" (no linguistic content, ISO 639-2) marks instrumentals.
func checkLanguage(s *string) *RowError {
	*s = strings.ToLower(strings.TrimSpace(*s))
	ok := *s == "" || *s == "zxx" || len(*s) == 2 && onlyOf(*s, isLower)
	if !ok {
		return badField("language", "%s is not a two-letter ISO 639-1 code, nor zxx for an instrumental", quoteShort(*s))
	}
	return nil
}

// checkISRC takes the code with or without hyphens (ISO 3901): two letters of
// the issuer's prefix, then ten letters or digits.
func checkISRC(s *string) *RowError {
	code := strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(*s), "-", ""))
	ok := code == "" || len(code) == 12 && onlyOf(code[:2], isUpper) && onlyOf(code[2:], isUpperOrDigit)
	if !ok {
		return badField("isrc", "%s is not an ISRC (12 letters and digits, as in USRC17607839)", quoteShort(*s))
	}
	*s = code
	return nil
}

func onlyOf(s string, in func(byte) bool) bool {
	for i := range len(s) {
		if !in(s[i]) {
			return false
		}
	}
	return true
}

func isLower(c byte) bool        { return 'a' <= c && c <= 'z' }
func isUpper(c byte) bool        { return 'A' <= c && c <= 'Z' }
func isUpperOrDigit(c byte) bool { return isUpper(c) || '0' <= c && c <= '9' }
