package metrics

import "github.com/prometheus/client_golang/prometheus"

// Each of these publishes what another part of the server knows. It is called once,
// and read whenever somebody asks for the metrics: from several goroutines, and it
// must not wait.

// Connections publishes how many sockets and how many users are connected.
func (r *Recorder) Connections(read func() (sockets, users int)) {
	type live struct{ sockets, users int }
	publish(r, "", one(func() live { sockets, users := read(); return live{sockets, users} }),
		gauge("recall_connections", "WebSocket connections.", func(l live) float64 { return float64(l.sockets) }),
		gauge("recall_connected_users", "Users with a connection.", func(l live) float64 { return float64(l.users) }),
	)
}

// breakerStates are what the breaker of a service can be in.
var breakerStates = []string{"closed", "throttled", "open", "half_open", "disabled"}

// ServiceStates publishes the state of each outside service's breaker by the service's
// name: closed, throttled, open, half_open or disabled.
func (r *Recorder) ServiceStates(read func() map[string]string) {
	var values []value[string]
	for _, state := range breakerStates {
		in := gauge("recall_service_state", "1 for the state that the service's breaker is in, 0 for the others.", func(is string) float64 { return truth(is == state) })
		in.same = prometheus.Labels{"state": state}
		values = append(values, in)
	}
	publish(r, "service", read, values...)
}

// Pool publishes how the database connections and the group writer stand.
func (r *Recorder) Pool(read func() DB) {
	publish(r, "", one(read),
		total("recall_db_queries_total", "Round trips to the database.", func(d DB) float64 { return float64(d.Queries) }),
		gauge("recall_db_connections", "Database connections that are open.", func(d DB) float64 { return float64(d.Conns) }),
		gauge("recall_db_connections_in_use", "Database connections that somebody uses.", func(d DB) float64 { return float64(d.Acquired) }),
		gauge("recall_db_connections_max", "Database connections that may be open.", func(d DB) float64 { return float64(d.MaxConns) }),
		total("recall_db_waits_total", "Times that somebody waited for a database connection.", func(d DB) float64 { return float64(d.Waits) }),
		total("recall_db_waited_seconds_total", "All waits for a database connection together.", func(d DB) float64 { return float64(d.WaitedMS) / 1000 }),
		gauge("recall_db_pressure_seconds", "Longest wait for the database at this moment.", func(d DB) float64 { return d.PressureMS / 1000 }),
		total("recall_db_groups_total", "Groups of commits that were written together.", func(d DB) float64 { return float64(d.Groups) }),
		total("recall_db_grouped_commits_total", "Commits in those groups.", func(d DB) float64 { return float64(d.Grouped) }),
	)
}

// Caches publishes the size of each cache by its name. Its lookups are counted by Hit
// and Miss.
func (r *Recorder) Caches(read func() map[string]Cache) {
	publish(r, "cache", read,
		gauge("recall_cache_entries", "Entries in a cache.", func(c Cache) float64 { return float64(c.Size) }),
		gauge("recall_cache_bytes", "Bytes in a cache, as weighed.", func(c Cache) float64 { return float64(c.Bytes) }),
	)
}

// Overload publishes whether new recalls are refused, and what tells. What was refused
// is counted by Shed.
func (r *Recorder) Overload(read func() Overload) {
	publish(r, "", one(read),
		gauge("recall_shedding", "1 while new recalls are refused because the server is overloaded.", func(o Overload) float64 { return truth(o.Shedding) }),
		gauge("recall_lag_seconds", "Lateness of the server's own work.", func(o Overload) float64 { return o.LagMS / 1000 }),
		gauge("recall_open_recalls", "Accepted recalls that have not ended.", func(o Overload) float64 { return float64(o.OpenRecalls) }),
	)
}

func truth(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// recent publishes the users of the last minutes.
func (r *Recorder) recent() {
	publish(r, "state", func() map[string]int {
		n := r.users.figures()
		return map[string]int{"active": n.Active, "limited": n.Limited, "hammering": n.Hammering}
	}, gauge("recall_users", "Users of the last five minutes: active (asked for a recall), of these limited (refused, fewer than ten times) and hammering (ten times or more).",
		func(n int) float64 { return float64(n) }))
}
