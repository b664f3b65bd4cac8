package media

import (
	"context"
	"testing"

	"recall/wire"
)

// counting is a table that counts what is asked of it.
func counting() (*rows, map[string]int) {
	asked := make(map[string]int)
	r := newRows()
	r.fail = func(_ context.Context, op string) error {
		asked[op]++
		return nil
	}
	return r, asked
}

// Who asks with what was just uploaded costs no query, and strangers learn nothing.
func TestUploadedRowsAreKnown(t *testing.T) {
	t.Parallel()
	r, asked := counting()
	s := openLocal(t, Options{Rows: r})
	owner := wire.NewID()
	id := stored(t, s, owner, wire.InputImage, []byte("GIF89a"))
	want, err := r.Media(t.Context(), owner, id)
	if err != nil {
		t.Fatal(err)
	}
	clear(asked)
	for range 3 {
		if m, err := s.Use(t.Context(), owner, id, wire.InputImage); err != nil || m != want {
			t.Errorf("used %+v, error %v", m, err)
		}
		if m, err := s.Get(t.Context(), owner, id); err != nil || m != want {
			t.Errorf("got %+v, error %v", m, err)
		}
		_, err = s.Get(t.Context(), wire.NewID(), id)
		wantCode(t, err, wire.CodeNotFound)
		_, err = s.Use(t.Context(), owner, id, wire.InputVoice)
		wantCode(t, err, wire.CodeBadRequest)
	}
	if len(asked) > 0 {
		t.Errorf("asked %v", asked)
	}
}

// What another process has stored is asked for once; what is not there, each time.
func TestAskedRowsAreKnown(t *testing.T) {
	t.Parallel()
	r, asked := counting()
	s := openLocal(t, Options{Rows: r})
	m := wire.Media{ID: wire.NewID(), Owner: wire.NewID(), Kind: wire.InputVoice, Size: 1}
	for range 2 {
		_, err := s.Get(t.Context(), m.Owner, m.ID)
		wantCode(t, err, wire.CodeNotFound)
	}
	r.kept[m.ID] = m
	for range 3 {
		if _, err := s.Use(t.Context(), m.Owner, m.ID, m.Kind); err != nil {
			t.Fatal(err)
		}
	}
	if asked["media"] != 3 {
		t.Errorf("asked %d times, want twice for nothing and once for the row", asked["media"])
	}
}
