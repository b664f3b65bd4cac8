package metrics

import (
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
)

// cache is the record of a cache's lookups.
type cache struct {
	hits, misses     atomic.Int64
	hitting, missing prometheus.Counter
}

func (r *Recorder) newCaches() *named[*cache] {
	lookups := r.counter("recall_cache_lookups_total", "Lookups in a cache.", "cache", "result")
	return newNamed(func(name string) *cache {
		return &cache{hitting: lookups.WithLabelValues(name, "hit"), missing: lookups.WithLabelValues(name, "miss")}
	}, knownCaches...)
}

// Hit counts a lookup in a cache that spared a run of op.
func (r *Recorder) Hit(cacheName, op string) {
	c := r.caches.of(cacheName)
	c.hits.Add(1)
	c.hitting.Inc()
	r.ops.of(op).spared()
}

// Miss counts a lookup that found nothing.
func (r *Recorder) Miss(cacheName string) {
	c := r.caches.of(cacheName)
	c.misses.Add(1)
	c.missing.Inc()
}

func (c *cache) snapshot() Cache {
	s := Cache{Hits: c.hits.Load(), Misses: c.misses.Load()}
	if all := s.Hits + s.Misses; all > 0 {
		s.HitRate = float64(s.Hits) / float64(all)
	}
	return s
}
