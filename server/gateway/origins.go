package gateway

import (
	"net/http"
	"net/url"
	"path"
	"strings"
)

// shared lets scripts of the allowed origins read the answers of next, and those of
// other origins not (https://fetch.spec.whatwg.org/#http-cors-protocol). Credentials
// are no cookies but a header, which the preflight allows.
func (g *Gateway) shared(next http.HandlerFunc) http.HandlerFunc {
	if len(g.cfg.AllowedOrigins) == 0 {
		return next
	}
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Origin")
		if origin := r.Header.Get("Origin"); g.allows(origin) {
			w.Header().Set("Access-Control-Allow-Origin", origin)
			w.Header().Set("Access-Control-Expose-Headers", "Location, ETag, Content-Range, Content-Disposition, Retry-After, RateLimit, RateLimit-Policy")
		}
		next(w, r)
	}
}

// preflight says what a script may send, if its origin is allowed.
func preflight(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	if h.Get("Access-Control-Allow-Origin") == "" {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	h.Set("Access-Control-Allow-Methods", "GET, HEAD, POST")
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Range, If-Range, If-None-Match, If-Modified-Since")
	h.Set("Access-Control-Max-Age", "7200") // seconds; browsers take no more
	w.WriteHeader(http.StatusNoContent)
}

// allows reads the patterns as the upgrade of a WebSocket does: with a scheme they
// stand for an origin, without one for its host.
func (g *Gateway) allows(origin string) bool {
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" {
		return false
	}
	for _, pattern := range g.cfg.AllowedOrigins {
		target := u.Host
		if strings.Contains(pattern, "://") {
			target = u.Scheme + "://" + u.Host
		}
		if ok, _ := path.Match(strings.ToLower(pattern), strings.ToLower(target)); ok {
			return true
		}
	}
	return false
}
