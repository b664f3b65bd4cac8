package world

import (
	"context"
	"time"

	"recall/stress/report"
)

// Sampler measures the processes of a world and asks one of its servers how it stands.
// What the harness itself knows (arrivals, ends, latencies) is for the caller to add. It
// is used by one goroutine.
type Sampler struct {
	world  *World
	server *Server
	last   reading
}

// reading is what counts up.
type reading struct {
	at    time.Time
	cpu   map[string]time.Duration
	stats serverStats
}

// serverStats are the parts of /v1/stats that are drawn.
type serverStats struct {
	Connections int                    `json:"connections"`
	Cache       map[string]cacheCounts `json:"cache"`
	DB          struct {
		Queries int64 `json:"queries"` // round trips
		Groups  int64 `json:"groups"`
		Grouped int64 `json:"grouped"` // commits in them
	} `json:"db"`
	Overload struct {
		OpenRecalls int `json:"open_recalls"`
	} `json:"overload"`
}

type cacheCounts struct {
	Hits   int64 `json:"hits"`
	Misses int64 `json:"misses"`
}

// NewSampler takes the first reading, from which the rates of the first sample count.
func (w *World) NewSampler(ctx context.Context, server *Server) (*Sampler, error) {
	s := &Sampler{world: w, server: server}
	var err error
	s.last, err = s.read(ctx)
	return s, err
}

// Run hands out a sample each second until ctx ends, which is no error. A sample that
// failed, as while a server restarts, is left out.
func (s *Sampler) Run(ctx context.Context, each func(report.Sample)) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if sample, err := s.Sample(ctx); err == nil {
				each(sample)
			}
		}
	}
}

// Sample is what has happened since the last one.
func (s *Sampler) Sample(ctx context.Context) (report.Sample, error) {
	now, err := s.read(ctx)
	if err != nil {
		return report.Sample{}, err
	}
	before := s.last
	s.last = now
	seconds := now.at.Sub(before.at).Seconds()
	trips := now.stats.DB.Queries - before.stats.DB.Queries
	shared := now.stats.DB.Grouped - before.stats.DB.Grouped - (now.stats.DB.Groups - before.stats.DB.Groups)
	sample := report.Sample{
		At: now.at, Connections: now.stats.Connections, Open: now.stats.Overload.OpenRecalls,
		CPU: map[string]float64{}, RoundTrips: float64(trips) / seconds,
		Queries: float64(trips+shared) / seconds, // each commit of a group by itself
		HitRate: report.CacheRate{
			Threads:  hitRate(before.stats.Cache["threads"], now.stats.Cache["threads"]),
			Messages: hitRate(before.stats.Cache["messages"], now.stats.Cache["messages"]),
			Answers:  hitRate(before.stats.Cache["answers"], now.stats.Cache["answers"]),
		},
	}
	for name, cpu := range now.cpu {
		if was, known := before.cpu[name]; known {
			sample.CPU[name] = (cpu - was).Seconds() / seconds
		}
	}
	if sample.RSS, err = s.world.Memory(); err != nil {
		return sample, err
	}
	sample.HeapStack, err = s.server.HeapStack(ctx)
	return sample, err
}

func hitRate(before, now cacheCounts) float64 {
	hits, misses := now.Hits-before.Hits, now.Misses-before.Misses
	if hits+misses == 0 {
		return 0
	}
	return float64(hits) / float64(hits+misses)
}

func (s *Sampler) read(ctx context.Context) (r reading, err error) {
	if err = s.server.Stats(ctx, &r.stats); err != nil {
		return r, err
	}
	r.at = time.Now()
	r.cpu, err = s.world.CPU()
	return r, err
}
