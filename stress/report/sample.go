package report

import "time"

// Sample is one second of a run. Rates are of that second.
type Sample struct {
	At          time.Time `json:"at"` // its end
	Connections int       `json:"connections"`
	Arrivals    float64   `json:"arrivals_per_s"` // recalls that came due
	Ended       float64   `json:"ended_per_s"`    // terminal events
	Errors      float64   `json:"errors_per_s"`
	Open        int       `json:"open_recalls"`
	Latency     Quantiles `json:"latency"`     // due to terminal event, of recalls that ended in it
	First       Quantiles `json:"first_event"` // due to first event

	CPU map[string]float64 `json:"cpu_cores"` // by process; 1 is one core busy all the time
	RSS map[string]int64   `json:"rss_bytes"` // by process

	HeapStack  int64     `json:"server_heap_stack_bytes"` // of the server, in use
	Queries    float64   `json:"queries_per_s"`
	RoundTrips float64   `json:"round_trips_per_s"` // to Postgres; one may carry many queries
	HitRate    CacheRate `json:"cache_hit_rate"`
}

// CacheRate is the share of look-ups, 0 to 1, that each cache answered in the second;
// less than 0 says that there were none.
type CacheRate struct {
	Threads  float64 `json:"threads"`
	Messages float64 `json:"messages"`
	Answers  float64 `json:"answers"`
}
