package metrics

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"recall/wire"
)

// bruteRank is the percentile by its definition: the smallest value that at least
// percent of all values do not exceed.
func bruteRank(all []time.Duration, percent int) time.Duration {
	best := slices.Max(all)
	for _, candidate := range all {
		below := 0
		for _, d := range all {
			if d <= candidate {
				below++
			}
		}
		if below*100 >= percent*len(all) {
			best = min(best, candidate)
		}
	}
	return best
}

func TestPercentilesOfTheLastThousand(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1, 2, 3, 19, 20, 21, 99, 100, 101, 999, 1000, 1001, 1999, 2345} {
		r := NewRecorder()
		var all []time.Duration
		for range n {
			d := time.Duration(random.IntN(500)) * time.Microsecond // with repetitions
			all = append(all, d)
			r.Observe("op", d, nil)
		}
		last := all[max(0, n-1000):]
		var sum time.Duration
		for _, d := range last {
			sum += d
		}
		want := Operation{
			Count: int64(n), Requests: int64(n), AvgMS: ms(sum) / float64(len(last)), MinMS: ms(slices.Min(last)), MaxMS: ms(slices.Max(last)),
			P50MS: ms(bruteRank(last, 50)), P95MS: ms(bruteRank(last, 95)), P99MS: ms(bruteRank(last, 99)),
		}
		if got := r.Stats().Operations["op"]; got != want {
			t.Errorf("%d measurements: %+v, want %+v", n, got, want)
		}
	}
}

func TestWhatCountsAsAnError(t *testing.T) {
	t.Parallel()
	r := NewRecorder()
	for _, err := range []error{nil, wire.NotFound("thread"), wire.Errorf(wire.CodeUnavailable, "x"), errors.New("x")} {
		r.Observe("op", time.Millisecond, err)
	}
	r.Hit("threads", "op")
	r.Coalesced("op")
	got := r.Stats().Operations["op"]
	if got.Count != 4 || got.Errors != 2 || got.Requests != 6 {
		t.Errorf("%+v", got)
	}
}

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
		"floods", "limits", "operations", "overload", "prefetched", "slowest", "songs", "stages", "uptime_s", "users", "version")
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
	keys(t, "overload", body["overload"], "lag_ms", "open_recalls", "shed", "shedding")
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

// Everybody reports at once, and reads meanwhile.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	const reporters, each = 8, 300
	r := NewRecorder()
	var all sync.WaitGroup
	for i := range reporters {
		all.Go(func() {
			for range each {
				r.Observe("op", time.Duration(i), nil)
				r.Hit("threads", "op")
				r.Miss("threads")
				r.Coalesced("op")
				r.Begin()()
				r.Stats()
			}
		})
	}
	all.Wait()
	s := r.Stats()
	if o := s.Operations["op"]; o.Count != reporters*each || o.Requests != 3*reporters*each || s.Coalesced["op"] != reporters*each {
		t.Errorf("%+v", s)
	}
	if c := s.Cache["threads"]; c.Hits != reporters*each || c.Misses != reporters*each || c.HitRate != 0.5 || s.ActiveRecalls != 0 {
		t.Errorf("%+v", s)
	}
}

func TestNamesAreBounded(t *testing.T) {
	t.Parallel()
	r := NewRecorder()
	for i := range 1000 {
		name := strings.Repeat("x", i+1)
		r.Flooded(name)
		r.Observe(name, time.Millisecond, nil)
	}
	s := r.Stats()
	if n := len(s.Floods); n != mostNames+1 {
		t.Errorf("%d names of floods", n)
	}
	if n := len(s.Operations); n != mostNames+1 {
		t.Errorf("%d names of operations", n)
	}
	var all int64
	for _, n := range s.Floods {
		all += n
	}
	if other := s.Operations["other"].Count; all != 1000 || other != 1000-mostNames+int64(len(knownOperations)) {
		t.Errorf("%d floods, %d other operations", all, other)
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
