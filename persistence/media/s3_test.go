package media

import (
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"recall/wire"
)

// fakeS3 serves one bucket, called "recall", in path style, as far as a store asks:
// PUT, GET with a range, HEAD, DELETE and the list of version 2. It refuses what is
// not signed for the region eu-test-1.
type fakeS3 struct {
	discard bool // keeps nothing
	broken  bool // answers nothing but 403: what is no use to try again, which takes seconds

	mu    sync.Mutex
	blobs map[string]fakeBlob
	calls map[string]int // by method
}

type fakeBlob struct {
	content, contentType, encryption string
	changed                          time.Time
}

// url is the bucket's address, as an operator writes it down.
func (f *fakeS3) url(server *httptest.Server) string {
	return "s3://recall?region=eu-test-1&use_path_style=true&ssetype=AES256&prefix=media/&endpoint=" + url.QueryEscape(server.URL)
}

func (f *fakeS3) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if f.discard {
		_, _ = io.Copy(io.Discard, r.Body)
		return
	}
	body, err := io.ReadAll(r.Body)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.calls == nil {
		f.calls, f.blobs = make(map[string]int), make(map[string]fakeBlob)
	}
	f.calls[r.Method]++
	key, ours := strings.CutPrefix(r.URL.Path, "/recall")
	switch auth := r.Header.Get("Authorization"); {
	case err != nil:
		return
	case f.broken:
		w.WriteHeader(http.StatusForbidden)
	case !ours || !strings.Contains(auth, "Credential=fake/") || !strings.Contains(auth, "/eu-test-1/s3/"):
		w.WriteHeader(http.StatusForbidden)
	case r.URL.Query().Get("list-type") == "2":
		f.list(w, r.URL.Query().Get("prefix"))
	default:
		f.serveBlob(w, r, strings.TrimPrefix(key, "/"), string(body))
	}
}

func (f *fakeS3) serveBlob(w http.ResponseWriter, r *http.Request, key, body string) {
	blob, found := f.blobs[key]
	switch {
	case r.Method == http.MethodPut:
		if n := r.Header.Get("X-Amz-Decoded-Content-Length"); n != "" || r.ContentLength != int64(len(body)) {
			w.WriteHeader(http.StatusNotImplemented) // trailing checksums: many services do not know them
			return
		}
		f.blobs[key] = fakeBlob{body, r.Header.Get("Content-Type"), r.Header.Get("X-Amz-Server-Side-Encryption"), time.Now()}
	case r.Method == http.MethodDelete:
		delete(f.blobs, key)
		w.WriteHeader(http.StatusNoContent)
	case !found:
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `<Error><Code>NoSuchKey</Code><Message>no such key</Message></Error>`)
	default:
		w.Header().Set("Content-Type", blob.contentType)
		http.ServeContent(w, r, "", blob.changed, strings.NewReader(blob.content))
	}
}

func (f *fakeS3) list(w http.ResponseWriter, prefix string) {
	type entry struct {
		Key, LastModified string
		Size              int
	}
	var page struct {
		XMLName     xml.Name `xml:"ListBucketResult"`
		IsTruncated bool
		Contents    []entry
	}
	for key, blob := range f.blobs {
		if strings.HasPrefix(key, prefix) {
			page.Contents = append(page.Contents, entry{key, blob.changed.UTC().Format(time.RFC3339), len(blob.content)})
		}
	}
	w.Header().Set("Content-Type", "application/xml")
	_ = xml.NewEncoder(w).Encode(page)
}

func openS3(t *testing.T, o Options) (*Store, *fakeS3) {
	t.Helper()
	fake := new(fakeS3)
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	o.URL, o.SpoolDir = fake.url(server), t.TempDir()
	return openStore(t, o), fake
}

// Everything that the URL says reaches the service, the bytes come back, also from
// the middle, and one request writes them, however many they are.
func TestS3RoundTrip(t *testing.T) {
	t.Parallel()
	s, fake := openS3(t, Options{})
	testRanges(t, s)
	large := make([]byte, 20<<20)
	copy(large, "GIF89a")
	id := stored(t, s, wire.NewID(), wire.InputImage, large)
	fake.mu.Lock()
	defer fake.mu.Unlock()
	blob := fake.blobs["media/"+key(id)]
	if blob.content != string(large) || blob.contentType != "image/gif" || blob.encryption != "AES256" {
		t.Errorf("%d bytes arrived, type %q, encryption %q", len(blob.content), blob.contentType, blob.encryption)
	}
	if fake.calls[http.MethodPut] != 2 || fake.calls[http.MethodPost] != 0 {
		t.Errorf("calls %v, want one PUT for each upload", fake.calls)
	}
}

func TestS3Sweep(t *testing.T) {
	t.Parallel()
	table := newRows()
	later := time.Now().Add(2 * time.Hour)
	s, fake := openS3(t, Options{Rows: table, Now: func() time.Time { return later }})
	kept := stored(t, s, wire.NewID(), wire.InputImage, []byte("GIF89a"))
	orphan := stored(t, s, wire.NewID(), wire.InputImage, []byte("GIF89a"))
	if err := table.DropMedia(t.Context(), orphan); err != nil {
		t.Fatal(err)
	}
	fake.blobs["elsewhere/"+key(orphan)] = fakeBlob{}
	if swept, err := s.Sweep(t.Context()); err != nil || swept != (Swept{Orphans: 1}) {
		t.Errorf("swept %+v, error %v, want one orphan", swept, err)
	}
	if _, there := fake.blobs["media/"+key(kept)]; !there || len(fake.blobs) != 2 {
		t.Errorf("%d blobs are left, the kept one among them: %v", len(fake.blobs), there)
	}
}

// A service that does not serve is unavailable, and an upload to it leaves no row.
func TestS3Outage(t *testing.T) {
	t.Parallel()
	table := newRows()
	s, fake := openS3(t, Options{Rows: table})
	id := stored(t, s, wire.NewID(), wire.InputImage, []byte("GIF89a"))
	fake.mu.Lock()
	fake.broken = true
	fake.mu.Unlock()
	u := begin(t, s, wire.NewID(), wire.MediaOpen{Kind: wire.InputImage})
	write(t, u, []byte("GIF89a"))
	_, err := u.Finish(t.Context(), "")
	if e := wantCode(t, err, wire.CodeUnavailable); e.RetryAfterMS <= 0 {
		t.Error("it is not said when to come again")
	}
	if table.count() != 1 {
		t.Errorf("%d rows, want the one from before", table.count())
	}
	_, err = content(t, s, wire.Media{ID: id, Size: 6})
	wantCode(t, err, wire.CodeUnavailable)
	if _, err := s.Sweep(t.Context()); err == nil {
		t.Error("a sweep without a service succeeded")
	}
}

func TestBadURL(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "ftp://recall", "s3://recall?region=eu&" + strconv.Quote("x") + "=1"} {
		if s, err := Open(t.Context(), Options{URL: url, SpoolDir: t.TempDir()}); err == nil {
			t.Errorf("%q was opened", url)
			_ = s.Close()
		}
	}
}
