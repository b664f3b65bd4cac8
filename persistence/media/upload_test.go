package media

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
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

// A bound on open uploads holds for all and for each user, and every end gives a
// place back.
func TestOpenUploadsAreBounded(t *testing.T) {
	t.Parallel()
	s := openLocal(t, Options{MaxOpen: 3, MaxOpenPerUser: 2})
	greedy, other := wire.NewID(), wire.NewID()
	open := wire.MediaOpen{Kind: wire.InputVoice}
	refused := func(owner wire.ID) {
		t.Helper()
		_, err := s.Begin(owner, &open)
		if e := wantCode(t, err, wire.CodeUnavailable); e.RetryAfterMS <= 0 || !e.Retryable {
			t.Errorf("%+v does not say when to come again", e)
		}
	}
	first, second := begin(t, s, greedy, open), begin(t, s, greedy, open)
	refused(greedy)
	third := begin(t, s, other, open)
	refused(other)
	first.Abort()
	first.Abort()
	fourth := begin(t, s, other, open)
	refused(wire.NewID())
	if _, err := second.Finish(t.Context(), ""); err == nil {
		t.Error("an empty upload was stored")
	}
	fifth := begin(t, s, wire.NewID(), open)
	for _, u := range []*Upload{third, fourth, fifth} {
		u.Abort()
	}
	wantEmpty(t, s)
}

// An upload without a byte for a minute is ended, one that goes on is not.
func TestIdleUploadsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := openLocal(t, Options{})
		silent := begin(t, s, wire.NewID(), wire.MediaOpen{Kind: wire.InputImage})
		slow := begin(t, s, wire.NewID(), wire.MediaOpen{Kind: wire.InputImage})
		for _, piece := range []string{"GIF", "8", "9", "a"} {
			time.Sleep(59 * time.Second) // of the bubble: no time passes
			write(t, slow, []byte(piece))
		}
		synctest.Wait()
		if !silent.Ended() || slow.Ended() {
			t.Errorf("silent ended: %v, slow ended: %v", silent.Ended(), slow.Ended())
		}
		_, err := silent.Write([]byte("GIF89a"))
		wantCode(t, err, wire.CodeNotFound)
		_, err = silent.Finish(t.Context(), "")
		wantCode(t, err, wire.CodeNotFound)
		if _, err := slow.Finish(t.Context(), ""); err != nil {
			t.Error(err)
		}
		late := begin(t, s, wire.NewID(), wire.MediaOpen{Kind: wire.InputImage})
		write(t, late, []byte("GIF89a"))
		time.Sleep(61 * time.Second)
		synctest.Wait()
		if !late.Ended() {
			t.Error("an upload that stopped in the middle was not ended")
		}
		if n := len(s.open); n > 0 {
			t.Errorf("%d places are still taken", n)
		}
	})
}

func TestFinishIsOnceAndAllEndsWithTheStore(t *testing.T) {
	t.Parallel()
	s := openLocal(t, Options{})
	u := begin(t, s, wire.NewID(), wire.MediaOpen{Kind: wire.InputImage})
	write(t, u, []byte("GIF89a"))
	if _, err := u.Finish(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	_, err := u.Finish(t.Context(), "")
	wantCode(t, err, wire.CodeNotFound)
	u.Abort()

	open := begin(t, s, wire.NewID(), wire.MediaOpen{Kind: wire.InputImage})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = open.Write([]byte("GIF89a"))
	wantCode(t, err, wire.CodeNotFound)
	_, err = s.Begin(wire.NewID(), &wire.MediaOpen{Kind: wire.InputImage})
	wantCode(t, err, wire.CodeUnavailable)
}

var errTest = errors.New("made up")

// Where the row cannot be written, no blob stays; where it cannot be told whether
// it was written, the blob waits for the sweep, which takes it when there is none.
func TestFailureBetweenBlobAndRow(t *testing.T) {
	t.Parallel()
	table := newRows()
	later := time.Now().Add(2 * time.Hour)
	s := openLocal(t, Options{Rows: table, Now: func() time.Time { return later }})
	finish := func(ctx context.Context) error {
		u := begin(t, s, wire.NewID(), wire.MediaOpen{Kind: wire.InputImage})
		write(t, u, []byte("GIF89a"))
		_, err := u.Finish(ctx, "")
		return err
	}
	table.fail = func(_ context.Context, op string) error {
		if op == "store" {
			return errTest
		}
		return nil
	}
	if err := finish(t.Context()); !errors.Is(err, errTest) {
		t.Errorf("error %v, want that of the row", err)
	}
	wantEmpty(t, s)

	gone, cancel := context.WithCancel(t.Context())
	cancel()
	wantCode(t, finish(gone), wire.CodeUnavailable)
	wantEmpty(t, s)

	table.fail = func(context.Context, string) error { return errTest }
	if err := finish(t.Context()); !errors.Is(err, errTest) {
		t.Errorf("error %v, want that of the row", err)
	}
	if left := files(t, s.options.Dir); len(left) != 1 {
		t.Errorf("%v is left, want the one blob", left)
	}
	if _, err := s.Sweep(t.Context()); !errors.Is(err, errTest) {
		t.Errorf("error %v of the sweep, want that of the rows", err)
	}
	table.fail = nil
	if swept, err := s.Sweep(t.Context()); err != nil || swept.Orphans != 1 {
		t.Errorf("swept %+v, error %v, want one orphan", swept, err)
	}
	wantEmpty(t, s)
}
