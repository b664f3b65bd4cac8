package gateway

import (
	"net/http"
	"strings"
	"testing"
)

func TestOriginsOfMedia(t *testing.T) {
	w := start(t, func(c *Config) { c.AllowedOrigins = []string{"https://app.example", "*.friends.example"} })
	id := w.shelf.put(someone, voice(100)).String()
	for origin, allowed := range map[string]bool{
		"https://app.example": true, "https://APP.example": true, "http://a.friends.example": true,
		"http://app.example": false, "https://app.example.evil.example": false, "https://friends.example": false, "null": false, "": false, "%": false,
	} {
		for _, path := range []string{"/v1/media", "/v1/media/" + id} {
			resp, _ := w.request(http.MethodOptions, path, "", nil, "Origin", origin, "Access-Control-Request-Method", "POST")
			if (resp.StatusCode == http.StatusNoContent) != allowed || strings.Contains(resp.Header.Get("Access-Control-Allow-Headers"), "Authorization") != allowed {
				t.Errorf("%q asks before: %d %v", origin, resp.StatusCode, resp.Header)
			}
		}
		for name, resp := range map[string]*reply{
			"a download": first(w.request(http.MethodGet, "/v1/media/"+id, "good", nil, "Origin", origin)),
			"a refusal":  first(w.request(http.MethodGet, "/v1/media/"+id, "other", nil, "Origin", origin)),
			"an upload":  first(w.post(strings.NewReader("RIFF"), "kind=voice", "Origin", origin)),
		} {
			got := resp.Header.Get("Access-Control-Allow-Origin")
			if (got == origin && got != "") != allowed || !strings.Contains(strings.Join(resp.Header.Values("Vary"), ","), "Origin") {
				t.Errorf("%s for %q: %v", name, origin, resp.Header)
			}
		}
	}
}

func first(resp *reply, _ []byte) *reply { return resp }

func TestNoOtherOrigins(t *testing.T) {
	w := start(t, nil)
	id := w.shelf.put(someone, voice(100)).String()
	resp, _ := w.request(http.MethodOptions, "/v1/media", "", nil, "Origin", "https://app.example", "Access-Control-Request-Method", "POST")
	if resp.StatusCode != http.StatusMethodNotAllowed || resp.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%d %v", resp.StatusCode, resp.Header)
	}
	resp, _ = w.request(http.MethodGet, "/v1/media/"+id, "good", nil, "Origin", "https://app.example")
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Access-Control-Allow-Origin") != "" || strings.Contains(resp.Header.Get("Vary"), "Origin") {
		t.Errorf("%d %v", resp.StatusCode, resp.Header)
	}
}
