package app

import (
	"recall/server/metrics"
)

// stats is what `GET /v1/stats` shows.
func (a *App) stats(c *caches) metrics.Stats {
	s := a.recorder.Stats()
	s.Connections = a.gateway.Connections()
	s.Songs = a.songs.index.Len()
	s.DB = a.poolStats()
	s.Breakers = a.services.breakers()
	for name, size := range map[string]int{"messages": c.books.EstimatedSize(), "threads": c.lists.EstimatedSize()} {
		entry := s.Cache[name]
		entry.Size = size
		s.Cache[name] = entry
	}
	return s
}

func (a *App) poolStats() metrics.DB {
	p := a.db.Stat()
	return metrics.DB{
		Queries: a.db.Queries(), Conns: p.TotalConns(), MaxConns: p.MaxConns(),
		Waits: p.EmptyAcquireCount(), WaitedMS: p.EmptyAcquireWaitTime().Milliseconds(),
		Saturated: p.AcquiredConns() >= p.MaxConns(),
	}
}

// publish adds the gauges of the parts to the Prometheus metrics.
func (a *App) publish(c *caches) {
	gauge := a.recorder.Gauge
	gauge("recall_connections", "WebSocket connections.", func() float64 { return float64(a.gateway.Connections()) })
	gauge("recall_songs", "Songs in the index.", func() float64 { return float64(a.songs.index.Len()) })
	gauge("recall_cached_threads", "Threads whose messages are cached.", func() float64 { return float64(c.books.EstimatedSize()) })
	gauge("recall_cached_bytes", "Bytes of cached messages, as weighed.", func() float64 { return float64(c.books.WeightedSize()) })
	gauge("recall_open_recalls", "Accepted recalls of this process that have not ended.", func() float64 { return float64(a.open.Load()) })
	a.recorder.Total("recall_db_queries_total", "Round trips to the database.", func() float64 { return float64(a.db.Queries()) })
	a.recorder.Total("recall_db_waits_total", "Times that a caller waited for a database connection.", func() float64 { return float64(a.db.Stat().EmptyAcquireCount()) })
	gauge("recall_db_connections", "Database connections.", func() float64 { return float64(a.db.Stat().TotalConns()) })
}
