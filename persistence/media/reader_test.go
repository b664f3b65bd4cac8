package media

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"recall/wire"
)

// long is a picture of 64 KiB whose every place can be told.
var long = func() string {
	var b strings.Builder
	b.WriteString("GIF89a")
	for i := 0; b.Len() < 1<<16; i++ {
		b.WriteString(strings.Repeat(string(rune('a'+i%26)), i%97+1))
	}
	return b.String()
}()

func TestRangesOverHTTP(t *testing.T) {
	t.Parallel()
	s := openLocal(t, Options{})
	testRanges(t, s)
}

// testRanges asks for the same as a browser that plays a recording does.
func testRanges(t *testing.T, s *Store) {
	t.Helper()
	owner := wire.NewID()
	m, err := s.Get(t.Context(), owner, stored(t, s, owner, wire.InputImage, []byte(long)))
	if err != nil {
		t.Fatal(err)
	}
	size := len(long)
	for asked, want := range map[string]string{
		"":                 long,
		"bytes=0-":         long,
		"bytes=0-0":        long[:1],
		"bytes=100-199":    long[100:200],
		"bytes=65000-":     long[65000:],
		"bytes=-1":         long[size-1:],
		"bytes=5-10,70-80": "", // several parts: only that it is served
		"bytes=999999-":    "",
	} {
		r, err := s.Reader(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		request := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		request.Header.Set("Range", asked)
		w := httptest.NewRecorder()
		http.ServeContent(w, request, "", time.Time{}, r)
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		if got := w.Body.String(); want != "" && got != want || w.Code >= 400 && asked != "bytes=999999-" {
			t.Errorf("%q: status %d, %d bytes, want %d", asked, w.Code, len(got), len(want))
		}
	}
}

func TestSeek(t *testing.T) {
	t.Parallel()
	s := openLocal(t, Options{})
	owner := wire.NewID()
	m, err := s.Get(t.Context(), owner, stored(t, s, owner, wire.InputImage, []byte("GIF89abcdef")))
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Reader(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, step := range []struct {
		offset int64
		whence int
		want   string
	}{{3, io.SeekStart, "89"}, {1, io.SeekCurrent, "bc"}, {-2, io.SeekEnd, "ef"}, {0, io.SeekStart, "GI"}, {5, io.SeekEnd, ""}} {
		if _, err := r.Seek(step.offset, step.whence); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, 2)
		if n, err := io.ReadFull(r, got); string(got[:n]) != step.want || step.want == "" && !errors.Is(err, io.EOF) {
			t.Errorf("%+v: read %q, error %v", step, got[:n], err)
		}
	}
	if _, err := r.Seek(-1, io.SeekStart); err == nil {
		t.Error("a place before the beginning was found")
	}
}

// A row whose blob is gone or cut short is no silent short answer.
func TestDamagedBlob(t *testing.T) {
	t.Parallel()
	s := openLocal(t, Options{})
	owner := wire.NewID()
	m, err := s.Get(t.Context(), owner, stored(t, s, owner, wire.InputImage, []byte(long)))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(s.options.Dir, filepath.FromSlash(key(m.ID)))
	if err := os.Truncate(file, 1000); err != nil {
		t.Fatal(err)
	}
	_, err = content(t, s, m)
	wantCode(t, err, wire.CodeUnavailable)
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	_, err = content(t, s, m)
	wantCode(t, err, wire.CodeNotFound)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r, err := s.Reader(ctx, m)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Read(make([]byte, 1)); err == nil {
		t.Error("bytes came after the end of ctx")
	}
}
