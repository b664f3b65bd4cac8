package gateway

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"testing"

	"recall/wire"
)

func TestGet(t *testing.T) {
	w := start(t, nil)
	content := voice(100_000)
	id := w.shelf.put(someone, content)
	tag := `"` + sumOf(content) + `"`
	for name, c := range map[string]struct {
		method  string
		headers []string
		status  int
		body    []byte
	}{
		"whole":             {"GET", nil, 200, content},
		"head":              {"HEAD", nil, 200, nil},
		"range":             {"GET", []string{"Range", "bytes=10-19"}, 206, content[10:20]},
		"end":               {"GET", []string{"Range", "bytes=-5"}, 206, content[99_995:]},
		"open range":        {"GET", []string{"Range", "bytes=99990-"}, 206, content[99_990:]},
		"several ranges":    {"GET", []string{"Range", "bytes=0-1,5-6"}, 200, content},
		"no range":          {"GET", []string{"Range", "chapters=1"}, 416, nil},
		"beyond":            {"GET", []string{"Range", "bytes=100000-"}, 416, nil},
		"known":             {"GET", []string{"If-None-Match", tag}, 304, nil},
		"known in a list":   {"GET", []string{"If-None-Match", `"x", W/` + tag}, 304, nil},
		"known head":        {"HEAD", []string{"If-None-Match", "*"}, 304, nil},
		"known since":       {"GET", []string{"If-Modified-Since", "Sun, 09 Sep 2001 01:46:40 GMT"}, 304, nil},
		"older":             {"GET", []string{"If-Modified-Since", "Sun, 09 Sep 2001 01:46:39 GMT"}, 200, content},
		"other":             {"GET", []string{"If-None-Match", `"x"`}, 200, content},
		"range of it":       {"GET", []string{"Range", "bytes=1-2", "If-Range", tag}, 206, content[1:3]},
		"range of another":  {"GET", []string{"Range", "bytes=1-2", "If-Range", `"x"`}, 200, content},
		"only if it is so":  {"GET", []string{"If-Match", tag}, 200, content},
		"only if otherwise": {"GET", []string{"If-Match", `"x"`}, 412, nil},
	} {
		resp, body := w.request(c.method, "/v1/media/"+id.String(), "good", nil, c.headers...)
		w.ended("closed")
		if c.status >= 400 {
			w.refused(name, resp, body, c.status, wire.CodeBadRequest)
			if c.status == 416 && resp.Header.Get("Content-Range") != "bytes */100000" && name == "beyond" {
				t.Errorf("%s: %v", name, resp.Header)
			}
			continue
		}
		if resp.StatusCode != c.status || !bytes.Equal(body, c.body) {
			t.Errorf("%s: %d with %d bytes", name, resp.StatusCode, len(body))
		}
		checkHeader(t, name, resp, tag, id)
	}
}

func checkHeader(t *testing.T, name string, resp *reply, tag string, id wire.ID) {
	t.Helper()
	want := map[string]string{
		"ETag": tag, "Cache-Control": "max-age=31536000, s-maxage=0, must-revalidate, immutable", "Vary": "Authorization",
		"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'",
		"Content-Disposition": "inline; filename=voice-" + id.String() + ".wav",
	}
	if resp.StatusCode != http.StatusNotModified { // which may leave out what the cache has (RFC 9110, 15.4.5)
		want["Content-Type"], want["Accept-Ranges"], want["Last-Modified"] = "audio/wav", "bytes", "Sun, 09 Sep 2001 01:46:40 GMT"
	}
	for header, value := range want {
		if got := resp.Header.Get(header); got != value {
			t.Errorf("%s: %s is %q, want %q", name, header, got, value)
		}
	}
	if name == "head" && resp.ContentLength != 100_000 {
		t.Errorf("HEAD tells of %d bytes", resp.ContentLength)
	}
}

// A stranger learns nothing, not even that his cache has the right bytes.
func TestGetOfAStranger(t *testing.T) {
	w := start(t, nil)
	content := voice(1000)
	id := w.shelf.put(someone, content).String()
	tag := `"` + sumOf(content) + `"`
	for _, headers := range [][]string{nil, {"If-None-Match", tag}, {"If-None-Match", "*"}, {"Range", "bytes=0-1"}, {"If-Match", `"x"`}} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			resp, body := w.request(method, "/v1/media/"+id, "other", nil, headers...)
			if method == http.MethodHead {
				body = wire.Encode("", wire.NotFound("media")) // which a HEAD does not carry
			}
			w.refused("stranger", resp, body, http.StatusNotFound, wire.CodeNotFound)
		}
		resp, body := w.request(http.MethodGet, "/v1/media/"+id, "", nil, headers...)
		w.refused("nobody", resp, body, http.StatusUnauthorized, wire.CodeUnauthorized)
		resp, body = w.request(http.MethodGet, "/v1/media/"+id, "expired", nil, headers...)
		w.refused("expired", resp, body, http.StatusUnauthorized, wire.CodeTokenExpired)
	}
	for _, other := range []string{wire.NewID().String(), "x", id + "0", "..%2f" + id} {
		resp, body := w.request(http.MethodGet, "/v1/media/"+other, "good", nil)
		w.refused(other, resp, body, http.StatusNotFound, wire.CodeNotFound)
	}
}

// The store says only when it is read that it cannot give the bytes: the client
// hears of that, and not of bytes that do not follow.
func TestGetFromAStoreThatIsAway(t *testing.T) {
	w := start(t, nil)
	id := w.shelf.put(someone, voice(1000)).String()
	w.shelf.mu.Lock()
	w.shelf.away = true
	w.shelf.mu.Unlock()
	for _, headers := range [][]string{nil, {"Range", "bytes=0-1"}} {
		resp, body := w.request(http.MethodGet, "/v1/media/"+id, "good", nil, headers...)
		w.ended("closed")
		w.refused("away", resp, body, http.StatusServiceUnavailable, wire.CodeUnavailable)
		if resp.Header.Get("Content-Range") != "" {
			t.Error("the refusal has a range")
		}
	}
	resp, _ := w.request(http.MethodHead, "/v1/media/"+id, "good", nil) // needs no bytes
	if resp.StatusCode != http.StatusOK {
		t.Errorf("HEAD: %d", resp.StatusCode)
	}
}

// A client that takes nothing does not stay.
func TestGetByTheDeaf(t *testing.T) {
	w := start(t, nil)
	id := w.shelf.put(someone, voice(wire.MaxMedia)).String()
	w.g.transfers.idle = 1 // nanosecond: what does not fit into the kernel at once comes too late
	nc, err := net.Dial("tcp", w.srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = nc.Close() }()
	if _, err := io.WriteString(nc, "GET /v1/media/"+id+" HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	w.ended("closed")
	if n, _ := io.Copy(io.Discard, nc); n >= wire.MaxMedia {
		t.Errorf("%d bytes came all the same", n)
	}
}
