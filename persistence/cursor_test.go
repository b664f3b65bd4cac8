package persistence

import (
	"errors"
	"testing"
	"time"

	"recall/wire"
)

func TestCursorKeepsMicroseconds(t *testing.T) {
	t.Parallel()
	p := place{time.Date(2025, 2, 3, 4, 5, 6, 654321000, time.UTC), wire.NewID()}
	got, err := parseCursor(*p.cursor())
	if err != nil || !got.at.Equal(p.at) || got.id != p.id {
		t.Errorf("%+v came back as %+v, %v", p, got, err)
	}
}

// Whatever a client sends is either a place, whose word is that very one, or a
// bad_request.
func FuzzCursor(f *testing.F) {
	for _, word := range []string{"", "A", "====", *farFuture.cursor(), *place{time.Unix(0, 0), wire.NewID()}.cursor()} {
		f.Add(word)
	}
	f.Fuzz(func(t *testing.T, word string) {
		p, err := parseCursor(word)
		var refused *wire.Error
		switch {
		case errors.As(err, &refused):
			if refused.Code != wire.CodeBadRequest {
				t.Fatalf("code %s", refused.Code)
			}
		case err != nil:
			t.Fatal(err)
		case word != "" && *p.cursor() != word:
			t.Fatalf("%q became %q", word, *p.cursor())
		}
	})
}
