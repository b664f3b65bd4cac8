package media

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"recall/wire"
)

// looks tells whether content can be of the type, by rules of this test's own.
var looks = map[string]func(b []byte) bool{
	"audio/flac": begins("fLaC"),
	"audio/mpeg": func(b []byte) bool { return begins("ID3")(b) || bytes.IndexByte(b, 0xff) >= 0 },
	"audio/mp4":  func(b []byte) bool { return len(b) >= 12 && string(b[4:8]) == "ftyp" && string(b[8:12]) != "heic" },
	"audio/ogg":  begins("OggS"),
	"audio/wav":  func(b []byte) bool { return begins("RIFF")(b) && len(b) >= 12 && string(b[8:12]) == "WAVE" },
	"audio/webm": begins("\x1a\x45\xdf\xa3"),
	"image/jpeg": begins("\xff\xd8\xff"),
	"image/png":  begins("\x89PNG\r\n\x1a\n"),
	"image/webp": func(b []byte) bool { return begins("RIFF")(b) && len(b) >= 12 && string(b[8:12]) == "WEBP" },
	"image/gif":  begins("GIF8"),
}

func begins(magic string) func([]byte) bool {
	return func(b []byte) bool { return bytes.HasPrefix(b, []byte(magic)) }
}

// Whatever bytes come, they are stored whole and as what they look like, or refused
// in words for the client without a trace.
func FuzzFinish(f *testing.F) {
	for _, sample := range samples {
		f.Add([]byte(sample.content), true, "")
		f.Add([]byte(sample.content), false, strings.Repeat("0", 64))
	}
	table := newRows()
	s := openLocal(f, Options{Rows: table})
	owner := wire.NewID()
	f.Fuzz(func(t *testing.T, data []byte, voice bool, sum string) {
		kind := wire.InputImage
		if voice {
			kind = wire.InputVoice
		}
		u := begin(t, s, owner, wire.MediaOpen{Kind: kind})
		write(t, u, data)
		_, err := u.Finish(context.Background(), sum)
		if err != nil {
			var e *wire.Error
			if !errors.As(err, &e) || e.Code == wire.CodeInternal || e.Code == wire.CodeUnavailable {
				t.Fatalf("refused with %v", err)
			}
			if _, err := content(t, s, wire.Media{ID: u.ID(), Size: 1}); err == nil {
				t.Fatal("a refused upload left its bytes")
			}
			return
		}
		m, err := s.Get(t.Context(), owner, u.ID())
		if err != nil {
			t.Fatal(err)
		}
		family, _, _ := strings.Cut(m.ContentType, "/")
		if (family == "audio") != voice || !looks[m.ContentType](data) {
			t.Fatalf("stored as %s with the kind %s", m.ContentType, kind)
		}
		if back, err := content(t, s, m); err != nil || !bytes.Equal(back, data) {
			t.Fatalf("%d of %d bytes came back, error %v", len(back), len(data), err)
		}
		_ = table.DropMedia(t.Context(), m.ID)
		s.remove(t.Context(), key(m.ID))
	})
}
