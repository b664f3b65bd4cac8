package web

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func get(t *testing.T, h http.Handler, method, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestServesPageAndParts(t *testing.T) {
	t.Parallel()
	h := Handler(true)
	for path, want := range map[string]string{
		"/":                 "text/html; charset=utf-8",
		"/app.js":           "text/javascript; charset=utf-8",
		"/client/recall.js": "text/javascript; charset=utf-8",
		"/client/media.js":  "text/javascript; charset=utf-8",
		"/client/reads.js":  "text/javascript; charset=utf-8",
		"/client/cache.js":  "text/javascript; charset=utf-8",
		"/client/stats.js":  "text/javascript; charset=utf-8",
		"/style.css":        "text/css; charset=utf-8",
		"/icon.svg":         "image/svg+xml",
	} {
		w := get(t, h, http.MethodGet, path)
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != want || w.Body.Len() == 0 {
			t.Errorf("%s: status %d, type %q, %d bytes", path, w.Code, w.Header().Get("Content-Type"), w.Body.Len())
		}
	}
}

func TestRefusesTheRest(t *testing.T) {
	t.Parallel()
	h := Handler(true)
	for _, path := range []string{
		"/nothing", "/index.html", "/web.go", "/client/", "/client/recall.test.js", "/client/media.test.js", "/client/real.test.js", "/client/testing/real.js", "/client/package.json", "/console/", "/console/turns.test.js", "/../web.go",
	} {
		if w := get(t, h, http.MethodGet, path); w.Code != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", path, w.Code)
		}
	}
	if w := get(t, h, http.MethodPost, "/"); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") == "" {
		t.Errorf("POST /: status %d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
	if w := get(t, h, http.MethodHead, "/"); w.Code != http.StatusOK || w.Body.Len() != 0 {
		t.Errorf("HEAD /: status %d with %d bytes", w.Code, w.Body.Len())
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	h := Handler(false)
	for _, path := range []string{"/", "/app.js", "/nothing"} {
		header := get(t, h, http.MethodGet, path).Header()
		csp := header.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'self'") || !strings.Contains(csp, "connect-src 'self' ws: wss:") {
			t.Errorf("%s: policy %q", path, csp)
		}
		for _, directive := range strings.Split(csp, "; ") {
			name, _, _ := strings.Cut(directive, " ")
			if media := name == "img-src" || name == "media-src"; strings.Contains(directive, "blob:") != media {
				t.Errorf("%s: blob: is for pictures and sounds, and the policy says %q", path, directive)
			}
		}
		if !strings.Contains(header.Get("Permissions-Policy"), "microphone=(self)") {
			t.Errorf("%s: the page may not ask for the microphone: %q", path, header.Get("Permissions-Policy"))
		}
		if header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: headers %v", path, header)
		}
	}
}

func TestRevalidation(t *testing.T) {
	t.Parallel()
	h := Handler(true)
	first := get(t, h, http.MethodGet, "/app.js")
	etag := first.Header().Get("ETag")
	if strings.HasPrefix(etag, "W/") || len(etag) < 10 || first.Header().Get("Cache-Control") != "no-cache" {
		t.Fatalf("ETag %q, Cache-Control %q", etag, first.Header().Get("Cache-Control"))
	}
	if w := get(t, h, http.MethodGet, "/app.js", "If-None-Match", etag); w.Code != http.StatusNotModified {
		t.Errorf("same ETag: status %d, want 304", w.Code)
	}
	if w := get(t, h, http.MethodGet, "/style.css", "If-None-Match", etag); w.Code != http.StatusOK {
		t.Errorf("another file's ETag: status %d, want 200", w.Code)
	}
}

func TestDevIsToldToThePage(t *testing.T) {
	t.Parallel()
	dev, prod := get(t, Handler(true), http.MethodGet, "/"), get(t, Handler(false), http.MethodGet, "/")
	if !strings.Contains(dev.Body.String(), `data-dev="true"`) || !strings.Contains(prod.Body.String(), `data-dev="false"`) {
		t.Error("the page does not learn whether development tokens can be had")
	}
	if dev.Header().Get("ETag") == prod.Header().Get("ETag") {
		t.Error("two different pages share an ETag")
	}
}

// Every import and every src or href of the page must be served, and nothing may come from outside: there is no build
// step that would notice.
func TestReferencesResolve(t *testing.T) {
	t.Parallel()
	h := Handler(true)
	reference := regexp.MustCompile(`(?:from|import|src=|href=)\s*['"]([./][^'"]*)['"]`)
	outside := regexp.MustCompile(`(?:from|import|src=|@import)\s*(?:url\()?['"]?https?:`)
	for path, a := range load(true) {
		if outside.Match(a.body) {
			t.Errorf("%s loads from outside", path)
		}
		if strings.HasSuffix(path, "recall.js") {
			continue // its examples are comments
		}
		for _, m := range reference.FindAllSubmatch(a.body, -1) {
			target := resolve(path, string(m[1]))
			if w := get(t, h, http.MethodGet, target); w.Code != http.StatusOK {
				t.Errorf("%s refers to %s (%s): status %d", path, m[1], target, w.Code)
			}
		}
	}
}

func resolve(from, ref string) string {
	u := httptest.NewRequest(http.MethodGet, from, nil).URL
	target, err := u.Parse(ref)
	if err != nil {
		return ref
	}
	return target.Path
}

// The policy forbids inline script and style, and text of users must never become HTML.
func TestNothingInline(t *testing.T) {
	t.Parallel()
	forbidden := regexp.MustCompile(`(?i)innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(| style="| on[a-z]+="`)
	for path, a := range load(true) {
		if m := forbidden.Find(a.body); m != nil {
			t.Errorf("%s contains %q", path, m)
		}
	}
}

func TestTestsAreNotServed(t *testing.T) {
	t.Parallel()
	err := fs.WalkDir(files, ".", func(name string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(name, ".test.js") {
			if _, served := load(true)["/"+name]; served {
				t.Errorf("%s is served", name)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
