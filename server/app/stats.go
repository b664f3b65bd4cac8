package app

import (
	"maps"
	"time"

	"recall/server/metrics"
)

// stats is what `GET /v1/stats` shows.
func (a *App) stats(c *caches) metrics.Stats {
	s := a.recorder.Stats()
	s.Off = a.cfg.Off()
	s.Version, s.UptimeS = a.version, int64(time.Since(a.began).Seconds())
	s.Connections, s.Users = a.gateway.Connections(), a.gateway.Users()
	s.Songs = a.songs.index.Len()
	s.DB = a.poolStats()
	s.Breakers = a.services.breakers()
	a.overload.stats(&s.Overload)
	for name, size := range a.sizes(c) {
		entry := s.Cache[name]
		entry.Size, entry.Bytes = size.Size, size.Bytes
		s.Cache[name] = entry
	}
	return s
}

// sizes are those of the caches.
func (a *App) sizes(c *caches) map[string]metrics.Cache {
	sizes := map[string]metrics.Cache{
		"messages": {Size: c.books.EstimatedSize(), Bytes: c.books.WeightedSize()},
		"threads":  {Size: c.lists.EstimatedSize(), Bytes: c.lists.WeightedSize()},
	}
	maps.Copy(sizes, a.services.kept())
	return sizes
}

func (a *App) poolStats() metrics.DB {
	p := a.db.Stat()
	groups, commits := a.db.Groups()
	return metrics.DB{
		Queries: a.db.Queries(), Conns: p.TotalConns(), MaxConns: p.MaxConns(), Acquired: p.AcquiredConns(),
		Waits: p.EmptyAcquireCount(), WaitedMS: p.EmptyAcquireWaitTime().Milliseconds(),
		PressureMS: float64(a.db.Pressure().Microseconds()) / 1000,
		Saturated:  p.AcquiredConns() >= p.MaxConns(),
		Groups:     groups, Grouped: commits,
	}
}

// publish adds what the parts know to the Prometheus metrics.
func (a *App) publish(c *caches) {
	r := a.recorder
	r.Connections(func() (sockets, users int) { return a.gateway.Connections(), a.gateway.Users() })
	r.ServiceStates(a.services.states)
	r.Pool(a.poolStats)
	r.Caches(func() map[string]metrics.Cache { return a.sizes(c) })
	r.Overload(func() (o metrics.Overload) { a.overload.stats(&o); return o })
	r.Gauge("recall_songs", "Songs in the index.", func() float64 { return float64(a.songs.index.Len()) })
}
