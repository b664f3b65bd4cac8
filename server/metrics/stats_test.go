package metrics

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"recall/wire"
)

func TestStatsShape(t *testing.T) {
	t.Parallel()
	r := NewRecorder()
	r.Observe("fetch_thread", 1500*time.Microsecond, nil)
	r.Hit("threads", "fetch_thread")
	r.Hit("threads", "fetch_thread")
	r.Hit("threads", "fetch_thread")
	r.Miss("threads")
	r.Coalesced("fetch_messages")
	done := r.Begin()
	defer done()
	rec := httptest.NewRecorder()
	StatsHandler(func() Stats {
		s := r.Stats()
		s.Breakers["whisper"] = Breaker{State: "open", Failures: 5, OpenedAt: wire.At(time.Unix(1704067200, 0))}
		s.Connections, s.DB.Queries = 3, 7
		return s
	}).ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/v1/stats", nil))
	if kind := rec.Header().Get("Content-Type"); kind != "application/json" {
		t.Error(kind)
	}
	var body map[string]any
	if err := json.Unmarshal(rec.Body.Bytes(), &body); err != nil {
		t.Fatal(err)
	}
	keys(t, "stats", body, "active_recalls", "breakers", "cache", "coalesced", "connections", "db",
		"debounced", "floods", "limits", "off", "operations", "overload", "prefetched", "slowest", "songs", "stages", "uptime_s", "users", "version")
	operations := body["operations"].(map[string]any)
	keys(t, "operations", operations, "commit", "fetch_messages", "fetch_thread", "list_threads", "resolve_recall", "resolve_recall_added")
	for name := range operations { // the shape of one that has never run is the same
		keys(t, name, operations[name], "avg_ms", "count", "errors", "max_ms", "min_ms", "p50_ms", "p95_ms", "p99_ms", "requests")
	}
	caches := body["cache"].(map[string]any)
	keys(t, "cache", caches, "messages", "threads")
	keys(t, "threads", caches["threads"], "bytes", "hit_rate", "hits", "misses", "size")
	keys(t, "messages", caches["messages"], "bytes", "hit_rate", "hits", "misses", "size")
	keys(t, "whisper", body["breakers"].(map[string]any)["whisper"], "failures", "opened_at", "running", "state", "waiting")
	keys(t, "db", body["db"], "acquired", "conns", "grouped", "groups", "max_conns", "pressure_ms", "queries", "saturated", "waited_ms", "waits")
	keys(t, "limits", body["limits"], "admitted", "refused", "users")
	keys(t, "users", body["limits"].(map[string]any)["users"], "active", "hammering", "limited")
	keys(t, "overload", body["overload"], "lag_ms", "open_recalls", "shed", "shed_for", "shedding")
	keys(t, "stages", body["stages"], "answering", "reading_image", "recognizing", "searching", "transcribing", "understanding")
	keys(t, "floods", body["floods"], "bytes", "connections", "frames", "handshakes", "requests")
	if rate := caches["threads"].(map[string]any)["hit_rate"]; rate != 0.75 {
		t.Errorf("hit rate %v", rate)
	}
	if rate := caches["messages"].(map[string]any)["hit_rate"]; rate != 0.0 {
		t.Errorf("hit rate of a cache that nobody asked: %v", rate)
	}
	if body["active_recalls"] != 1.0 || body["connections"] != 3.0 || body["coalesced"].(map[string]any)["fetch_messages"] != 1.0 {
		t.Errorf("%v", body)
	}
	if one := operations["fetch_thread"].(map[string]any); one["p99_ms"] != 1.5 || one["requests"] != 4.0 || one["count"] != 1.0 {
		t.Errorf("%v", one)
	}
}

func keys(t *testing.T, name string, object any, want ...string) {
	t.Helper()
	if got := slices.Sorted(maps.Keys(object.(map[string]any))); !slices.Equal(got, want) {
		t.Errorf("%s has %v, want %v", name, got, want)
	}
}

func TestEmptyStatsHoldNoNull(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(NewRecorder().Stats())
	if err != nil || strings.Contains(string(text), "null") {
		t.Errorf("%s, %v", text, err)
	}
}

func TestCountsOfStats(t *testing.T) {
	t.Parallel()
	r := NewRecorder()
	r.Admitted(user(1))
	r.Refused(user(2), "recall_hour")
	r.Flooded("bytes")
	r.Prefetched("fetch_messages")
	r.Shed("database")
	r.Shed("recalls")
	s := r.Stats()
	if s.Limits.Admitted != 1 || s.Limits.Refused["recall_hour"] != 1 || s.Limits.Users != (LimitedUsers{Active: 2, Limited: 1}) {
		t.Errorf("%+v", s.Limits)
	}
	if s.Floods["bytes"] != 1 || s.Prefetched["fetch_messages"] != 1 || s.Overload.Shed != 2 {
		t.Errorf("%+v", s)
	}
}

func TestPrometheus(t *testing.T) {
	t.Parallel()
	r := NewRecorder()
	r.Gauge("recall_connections", "Connections.", func() float64 { return 3 })
	r.Observe("commit", time.Millisecond, errors.New("x"))
	r.Hit("threads", "fetch_thread")
	r.Miss("threads")
	r.Coalesced("resolve_recall")
	r.Closed(wire.CloseTooSlow)
	r.Begin()()
	rec := httptest.NewRecorder()
	r.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	text, _ := io.ReadAll(rec.Body)
	for _, line := range []string{
		`recall_operation_seconds_count{operation="commit"} 1`, `recall_operation_errors_total{operation="commit"} 1`,
		`recall_closes_total{code="4008"} 1`, `recall_coalesced_total{operation="resolve_recall"} 1`, `recall_connections 3`,
		`recall_cache_lookups_total{cache="threads",result="hit"} 1`, `recall_cache_lookups_total{cache="threads",result="miss"} 1`,
		`recall_active_recalls 0`, `go_goroutines`,
	} {
		if !strings.Contains(string(text), "\n"+line) {
			t.Errorf("no line %s", line)
		}
	}
}
