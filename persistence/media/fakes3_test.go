package media

import (
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"time"
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
