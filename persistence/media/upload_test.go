package media

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
	"testing"
	"time"

	"recall/wire"
)

// Every sample is stored as what it is under its own kind, and under the other kind
// refused; what is of no kind is refused under both.
func TestContentDecidesTheKind(t *testing.T) {
	t.Parallel()
	s := openLocal(t, Options{})
	owner := wire.NewID()
	for name, sample := range samples {
		for _, kind := range []wire.InputKind{wire.InputVoice, wire.InputImage} {
			u := begin(t, s, owner, wire.MediaOpen{Kind: kind, ContentType: "text/html"})
			write(t, u, []byte(sample.content))
			_, err := u.Finish(t.Context(), "")
			if kind != sample.kind {
				e := wantCode(t, err, wire.CodeUnsupportedMedia)
				if !strings.Contains(e.Message, taken[kind]) {
					t.Errorf("%s as %s: %q does not say what is taken", name, kind, e.Message)
				}
				continue
			}
			if err != nil {
				t.Errorf("%s as %s: %v", name, kind, err)
				continue
			}
			m, err := s.Get(t.Context(), owner, u.ID())
			if err != nil || m.ContentType != sample.format.contentType || m.Extension != sample.format.extension || m.Kind != kind {
				t.Errorf("%s: stored as %+v, error %v, want %+v", name, m, err, sample.format)
			}
		}
	}
}

// Bytes that come in pieces come back whole, to their owner alone, from any place.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	db, _ := openDB(t)
	s := openLocal(t, Options{Rows: db, Now: func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 123456789, time.UTC) }})
	owner := wire.NewID()
	want := []byte(samples["mp3 bare"].content + strings.Repeat("0123456789", 40_000))
	size := int64(len(want))
	sum := sha256.Sum256(want)
	hash := hex.EncodeToString(sum[:])

	u := begin(t, s, owner, wire.MediaOpen{Kind: wire.InputVoice, Size: &size})
	if _, err := io.CopyBuffer(struct{ io.Writer }{u}, struct{ io.Reader }{bytes.NewReader(want)}, make([]byte, 1000)); err != nil {
		t.Fatal(err)
	}
	got, err := u.Finish(t.Context(), strings.ToUpper(hash))
	if err != nil || *got != (wire.MediaStored{MediaID: u.ID(), Size: size, SHA256: hash}) {
		t.Fatalf("stored %+v, error %v", got, err)
	}
	m, err := s.Get(t.Context(), owner, u.ID())
	if err != nil || m != (wire.Media{ID: u.ID(), Owner: owner, Kind: wire.InputVoice, ContentType: "audio/mpeg", Extension: ".mp3",
		Size: size, SHA256: hash, CreatedAt: time.Date(2026, 11, 23, 12, 0, 0, 123000000, time.UTC)}) {
		t.Errorf("row %+v, error %v", m, err)
	}
	if back, err := content(t, s, m); err != nil || !bytes.Equal(back, want) {
		t.Errorf("%d bytes came back, error %v, want %d", len(back), err, size)
	}
	stranger := wire.NewID()
	_, err = s.Get(t.Context(), stranger, u.ID())
	wantCode(t, err, wire.CodeNotFound)
	_, err = s.Use(t.Context(), stranger, u.ID(), wire.InputVoice)
	wantCode(t, err, wire.CodeNotFound)
	if used, err := s.Use(t.Context(), owner, u.ID(), wire.InputVoice); err != nil || used != m {
		t.Errorf("used %+v, error %v", used, err)
	}
	_, err = s.Use(t.Context(), owner, u.ID(), wire.InputImage)
	if e := wantCode(t, err, wire.CodeBadRequest); !strings.HasPrefix(e.Message, "input.media_id: ") {
		t.Errorf("%q does not name the field", e.Message)
	}
}
