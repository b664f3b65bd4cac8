// Package web serves the console: one page, embedded in the program, that speaks the public protocol and nothing else.
//
// There is no build step. What lies in this folder is what the browser gets: index.html, app.js with its modules in
// console/, the style sheets, and client/, which is also the JavaScript client for others to take.
package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

//go:embed index.html app.js icon.svg *.css console client/*.js
var files embed.FS

// policy lets the page load from its own server only. Sockets are named by scheme, because 'self' does not cover
// ws: and wss: in every browser. Pictures and sounds need a token to be fetched, so the page shows them from memory:
// blob: is for these two, and for nothing that could run.
const policy = "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' blob:; media-src 'self' blob:; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"

// permissions are what the page may ask the person for: the microphone, and for itself only.
const permissions = "microphone=(self), camera=(), geolocation=()"

// devMark stands in index.html where the page learns whether development tokens can be had.
const devMark = `data-dev="unknown"`

// asset is one file as it goes out.
type asset struct {
	body        []byte
	contentType string
	etag        string
}

// Handler serves the console at / and its parts below; every other path is 404, every method but GET and HEAD 405.
// With dev the page offers sign-in by a development token (POST /v1/dev/token).
//
// Files carry a strong ETag and must be revalidated on each use: their names have no version in them, and a page must
// never run with the modules of another release.
func Handler(dev bool) http.Handler {
	assets := load(dev)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secure(w.Header())
		a, ok := assets[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "only GET and HEAD here", http.StatusMethodNotAllowed)
			return
		}
		serve(w, r, a)
	})
}

func serve(w http.ResponseWriter, r *http.Request, a asset) {
	h := w.Header()
	h.Set("Content-Type", a.contentType)
	h.Set("Cache-Control", "no-cache")
	h.Set("ETag", a.etag)
	// ServeContent answers If-None-Match, ranges and HEAD; the zero time leaves out Last-Modified, which an embedded
	// file does not have.
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(a.body))
}

func secure(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("Permissions-Policy", permissions)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
}

// load reads every embedded file once; keys are URL paths. It panics on a fault, which only a broken build can cause.
func load(dev bool) map[string]asset {
	assets := map[string]asset{}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(name, ".test.js") {
			return err
		}
		body, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		if name == "index.html" {
			body = bytes.Replace(body, []byte(devMark), []byte(`data-dev="`+strconv.FormatBool(dev)+`"`), 1)
			assets["/"] = newAsset(name, body)
			return nil
		}
		assets["/"+name] = newAsset(name, body)
		return nil
	})
	if err != nil {
		panic("web: " + err.Error())
	}
	return assets
}

func newAsset(name string, body []byte) asset {
	sum := sha256.Sum256(body)
	return asset{body: body, contentType: contentType(name), etag: `"` + hex.EncodeToString(sum[:16]) + `"`}
}

// contentType does not leave the answer to the machine's MIME table alone: a module with another type does not run.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	default:
		return mime.TypeByExtension(path.Ext(name))
	}
}
