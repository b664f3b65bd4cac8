package media

import (
	"io"
	"strings"
	"testing"

	"recall/wire"
)

// What is wrong with an upload is said with the field's name, and leaves nothing.
func TestRefusals(t *testing.T) {
	t.Parallel()
	sized := func(n int64) *int64 { return &n }
	gif := samples["gif"].content
	for name, c := range map[string]struct {
		open    wire.MediaOpen
		content string
		sum     string
		code    wire.Code
		message string
	}{
		"no kind":       {wire.MediaOpen{}, "", "", wire.CodeBadRequest, "kind: "},
		"text":          {wire.MediaOpen{Kind: wire.InputText}, "", "", wire.CodeBadRequest, "kind: "},
		"declared none": {wire.MediaOpen{Kind: wire.InputImage, Size: sized(0)}, "", "", wire.CodeBadRequest, "size: "},
		"declared less": {wire.MediaOpen{Kind: wire.InputImage, Size: sized(-1)}, "", "", wire.CodeBadRequest, "size: "},
		"declared more": {wire.MediaOpen{Kind: wire.InputImage, Size: sized(wire.MaxMedia + 1)}, "", "", wire.CodeTooLarge, "size: "},
		"nothing":       {wire.MediaOpen{Kind: wire.InputImage}, "", "", wire.CodeBadRequest, "size: "},
		"too few":       {wire.MediaOpen{Kind: wire.InputImage, Size: sized(11)}, gif, "", wire.CodeBadRequest, "size: "},
		"too many":      {wire.MediaOpen{Kind: wire.InputImage, Size: sized(9)}, gif, "", wire.CodeBadRequest, "size: "},
		"too large":     {wire.MediaOpen{Kind: wire.InputImage}, gif + strings.Repeat("x", wire.MaxMedia), "", wire.CodeTooLarge, "size: "},
		"other hash":    {wire.MediaOpen{Kind: wire.InputImage}, gif, strings.Repeat("0", 64), wire.CodeBadRequest, "sha256: "},
		"no hash":       {wire.MediaOpen{Kind: wire.InputImage}, gif, "yes", wire.CodeBadRequest, "sha256: "},
		"other kind":    {wire.MediaOpen{Kind: wire.InputVoice}, gif, "", wire.CodeUnsupportedMedia, "this is image/gif; voice must be "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			table := newRows()
			s := openLocal(t, Options{Rows: table})
			u, err := s.Begin(wire.NewID(), &c.open)
			if err == nil {
				_, _ = io.Copy(u, strings.NewReader(c.content)) // Finish tells the same
				_, err = u.Finish(t.Context(), c.sum)
			}
			if e := wantCode(t, err, c.code); !strings.HasPrefix(e.Message, c.message) {
				t.Errorf("message %q, want it to begin with %q", e.Message, c.message)
			}
			wantEmpty(t, s)
			if table.count() > 0 {
				t.Error("a row is left")
			}
		})
	}
}

func TestTheLimitItselfIsTaken(t *testing.T) {
	t.Parallel()
	s := openLocal(t, Options{})
	full := make([]byte, wire.MaxMedia)
	copy(full, samples["gif"].content)
	stored(t, s, wire.NewID(), wire.InputImage, full)
	u := begin(t, s, wire.NewID(), wire.MediaOpen{Kind: wire.InputImage})
	write(t, u, full)
	n, err := u.Write([]byte{0})
	wantCode(t, err, wire.CodeTooLarge)
	if n != 0 || !u.Ended() {
		t.Errorf("%d bytes beyond the limit were taken, ended: %v", n, u.Ended())
	}
	_, err = u.Write([]byte{0})
	wantCode(t, err, wire.CodeTooLarge)
}
