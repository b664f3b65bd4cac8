package app_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"recall/stress/device"
)

// fetch asks over HTTP.
func (w *world) fetch(method, path, body string) (status int, answer string, header http.Header) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.ctx, method, w.url+path, strings.NewReader(body))
	check(w.t, err)
	resp, err := http.DefaultClient.Do(req)
	check(w.t, err)
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	check(w.t, err)
	return resp.StatusCode, string(raw), resp.Header
}

func TestPages(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	p := w.user().dial()
	thread := p.thread()
	p.found(thread, known)
	p.messages(thread)
	for _, c := range []struct {
		path   string
		status int
		part   string
	}{
		{"/healthz", 200, "ok"},
		{"/readyz", 200, "ready"},
		{"/metrics", 200, "recall_resolve_seconds_count{kind=\"text\"} 1"},
		{"/metrics", 200, "recall_connections 1"},
		{"/", 200, "<!doctype html>"},
		{"/client/recall.js", 200, "recall.cancel"},
		{"/nothing", 404, ""},
		{"/debug/pprof/", 404, ""}, // profiles have an address of their own
		{"/v1/ws", 426, ""},
	} {
		if status, body, _ := w.fetch(http.MethodGet, c.path, ""); status != c.status || !strings.Contains(strings.ToLower(body), c.part) {
			t.Errorf("%s: %d %.200s", c.path, status, body)
		}
	}
	_, err := device.Dial(w.ctx, "ws"+w.url[len("http"):]+"/none", device.Options{})
	if err == nil {
		t.Error("a socket where there is none")
	}
}

// The statistics have the shape of section 8.
func TestStats(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	p := w.user().dial()
	thread := p.thread()
	p.found(thread, known)
	p.messages(thread)
	p.want("messages", "messages.list", fields{"thread_id": thread})
	p.want("threads", "thread.list", nil)
	p.want("threads", "thread.list", nil)
	_, body, header := w.fetch(http.MethodGet, "/v1/stats", "")
	if header.Get("Content-Type") != "application/json" {
		t.Errorf("content type is %q", header.Get("Content-Type"))
	}
	var stats any
	check(t, json.Unmarshal([]byte(body), &stats))
	for _, op := range []string{"resolve_recall", "fetch_messages", "fetch_thread"} {
		for _, key := range []string{"count", "errors", "requests", "avg_ms", "min_ms", "max_ms", "p50_ms", "p95_ms", "p99_ms"} {
			if _, is := dig(stats, "operations."+op+"."+key).(float64); !is {
				t.Errorf("operations.%s.%s is missing", op, key)
			}
		}
	}
	for _, cache := range []string{"threads", "messages"} {
		for _, key := range []string{"hits", "misses", "hit_rate", "size"} {
			if n, is := dig(stats, "cache."+cache+"."+key).(float64); !is || key == "hits" && n < 1 {
				t.Errorf("cache.%s.%s is %v", cache, key, n)
			}
		}
	}
	for _, key := range []string{"coalesced", "breakers", "connections", "active_recalls", "db", "db.queries"} {
		if dig(stats, key) == nil {
			t.Errorf("%s is missing: %s", key, body)
		}
	}
	if n := dig(stats, "operations.resolve_recall.count"); n != 1.0 {
		t.Errorf("%v recalls were resolved", n)
	}
	if n := dig(stats, "connections"); n != 1.0 {
		t.Errorf("%v connections", n)
	}
}

func TestDevelopmentToken(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	id := device.NewUUID()
	status, body, _ := w.fetch(http.MethodPost, "/v1/dev/token", `{"user_id":"`+id+`"}`)
	var got struct {
		Token     string    `json:"token"`
		UserID    string    `json:"user_id"`
		ExpiresAt time.Time `json:"expires_at"`
	}
	check(t, json.Unmarshal([]byte(body), &got))
	if status != 200 || got.UserID != id || got.Token == "" || time.Until(got.ExpiresAt) < time.Minute {
		t.Errorf("%d %s", status, body)
	}
	if status, body, _ := w.fetch(http.MethodPost, "/v1/dev/token", ""); status != 200 || strings.Contains(body, id) {
		t.Errorf("without a body: %d %s", status, body)
	}
	for _, bad := range []string{`{"user_id":"me"}`, `{"user_id":7}`, `{`, `[]`} {
		if status, body, _ := w.fetch(http.MethodPost, "/v1/dev/token", bad); status != 400 || !strings.Contains(body, "user_id") {
			t.Errorf("%s: %d %s", bad, status, body)
		}
	}
	if status, _, _ := w.fetch(http.MethodGet, "/v1/dev/token", ""); status == 200 {
		t.Error("a token for a mere GET, which any page can cause")
	}
	// The secret outlives the program, and so do the tokens.
	w.restart()
	(&user{w, id, got.Token}).dial()
}

func TestNoDevelopmentTokenInProduction(t *testing.T) {
	t.Parallel()
	w := setup(t, withSecret)
	if status, body, _ := w.fetch(http.MethodPost, "/v1/dev/token", "{}"); status < 400 || strings.Contains(body, "token\"") {
		t.Errorf("%d %s", status, body)
	}
}
