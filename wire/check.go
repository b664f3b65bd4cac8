package wire

import (
	"strings"
	"unicode/utf8"
)

// The checks that commands share. Each names the field that it refuses.

func required(field string, id ID) *Error {
	if id.IsZero() {
		return Errorf(CodeBadRequest, "%s: is required", field)
	}
	return nil
}

func inRange(field string, n *int, most int) *Error {
	if n != nil && (*n < 1 || *n > most) {
		return Errorf(CodeBadRequest, "%s: must be 1 to %d", field, most)
	}
	return nil
}

// storable refuses what Postgres cannot keep as text.
func storable(field, s string) *Error {
	if strings.IndexByte(s, 0) >= 0 {
		return Errorf(CodeBadRequest, "%s: must not contain a NUL character", field)
	}
	return nil
}

func atMost(field, s string, most int) *Error {
	if n := utf8.RuneCountInString(s); n > most {
		return Errorf(CodeBadRequest, "%s: has %d characters, the most is %d", field, n, most)
	}
	return storable(field, s)
}

func checkTitle(title *string) *Error {
	if title == nil {
		return nil
	}
	*title = strings.TrimSpace(*title)
	return atMost("title", *title, MaxTitle)
}

// first returns the first refusal.
func first(errs ...*Error) *Error {
	for _, e := range errs {
		if e != nil {
			return e
		}
	}
	return nil
}
