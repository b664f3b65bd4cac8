package metrics

import (
	"encoding/json"
	"maps"
	"net/http"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"recall/wire"
)

// Cache is how a cache stands. HitRate is 0 before the first lookup.
type Cache struct {
	Hits    int64   `json:"hits"`
	Misses  int64   `json:"misses"`
	HitRate float64 `json:"hit_rate"`
	Size    int     `json:"size"`
}

// Breaker is how the breaker of an outside service stands.
type Breaker struct {
	State     string    `json:"state"`            // closed, throttled, open, half_open or disabled
	Reason    string    `json:"reason,omitempty"` // of open and disabled
	Failures  int       `json:"failures"`         // in a row
	OpenedAt  wire.Time `json:"opened_at,omitzero"`
	NotBefore wire.Time `json:"not_before,omitzero"` // the service has asked not to be called until then
	Running   int       `json:"running"`
	Waiting   int       `json:"waiting"`
}

// Stats is the answer of `GET /v1/stats` (PROTOCOL.md, section 8).
type Stats struct {
	Operations    map[string]Operation `json:"operations"`
	Cache         map[string]Cache     `json:"cache"`
	Coalesced     map[string]int64     `json:"coalesced"`
	Breakers      map[string]Breaker   `json:"breakers"`
	Connections   int                  `json:"connections"`
	ActiveRecalls int64                `json:"active_recalls"`
	DB            DB                   `json:"db"`
	Songs         int                  `json:"songs"`
}

// DB is how the database connections stand.
type DB struct {
	Queries   int64 `json:"queries"`
	Conns     int32 `json:"conns"`
	MaxConns  int32 `json:"max_conns"`
	Waits     int64 `json:"waits"`
	WaitedMS  int64 `json:"waited_ms"`
	Saturated bool  `json:"saturated"`
}

// Named operations and caches are listed from the start, so that a reader need
// not wonder whether nothing has happened or a name has changed.
var (
	namedOperations = []string{"resolve_recall", "fetch_messages", "fetch_thread", "list_threads", "commit", "resolve_recall_added"}
	namedCaches     = []string{"threads", "messages"}
)

// Stats is everything that the recorder itself knows; the caller adds the rest.
func (r *Recorder) Stats() Stats {
	for _, name := range namedOperations {
		r.operation(name)
	}
	for _, name := range namedCaches {
		r.cache(name)
	}
	s := Stats{
		Operations: map[string]Operation{}, Cache: map[string]Cache{}, Breakers: map[string]Breaker{},
		ActiveRecalls: r.active.Load(),
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	s.Coalesced = maps.Clone(r.coalesced)
	for name, o := range r.ops {
		s.Operations[name] = o.snapshot()
	}
	for name, c := range r.caches {
		s.Cache[name] = c.snapshot()
	}
	return s
}

func (c *cache) snapshot() Cache {
	s := Cache{Hits: c.hits.Load(), Misses: c.misses.Load()}
	if all := s.Hits + s.Misses; all > 0 {
		s.HitRate = float64(s.Hits) / float64(all)
	}
	return s
}

// StatsHandler serves what collect returns.
func StatsHandler(collect func() Stats) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		_ = json.NewEncoder(w).Encode(collect()) // the reader may be gone
	})
}

// Handler serves the Prometheus metrics.
func (r *Recorder) Handler() http.Handler {
	return promhttp.HandlerFor(r.registry, promhttp.HandlerOpts{})
}
