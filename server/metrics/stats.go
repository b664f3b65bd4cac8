package metrics

import (
	"encoding/json"
	"net/http"

	"recall/wire"
)

// Cache is how a cache stands. HitRate is 0 before the first lookup.
type Cache struct {
	Hits    int64   `json:"hits"`
	Misses  int64   `json:"misses"`
	HitRate float64 `json:"hit_rate"`
	Size    int     `json:"size"`  // entries
	Bytes   uint64  `json:"bytes"` // as weighed
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

	// What the protocol does not name.
	Users      int                  `json:"users"`      // with a connection
	Stages     map[string]Operation `json:"stages"`     // of recalls, by the names of recall.status
	Slowest    []SlowRecall         `json:"slowest"`    // of the last 1000 recalls, the slowest first, at most 20
	Limits     Limits               `json:"limits"`     // of users
	Floods     map[string]int64     `json:"floods"`     // refused or slowed down, by what there was too much of
	Debounced  map[string]int64     `json:"debounced"`  // requests that had the result of one of their connection, by operation
	Prefetched map[string]int64     `json:"prefetched"` // loads that nobody had asked for yet, by operation
	Overload   Overload             `json:"overload"`
	Off        []string             `json:"off"` // optimisations that are switched off, by their settings
	Version    string               `json:"version"`
	UptimeS    int64                `json:"uptime_s"`
}

// DB is how the database connections stand.
type DB struct {
	Queries    int64   `json:"queries"`     // round trips
	Conns      int32   `json:"conns"`       // open
	MaxConns   int32   `json:"max_conns"`   // at most
	Acquired   int32   `json:"acquired"`    // in use
	Waits      int64   `json:"waits"`       // times that somebody waited for a connection
	WaitedMS   int64   `json:"waited_ms"`   // all waits together
	PressureMS float64 `json:"pressure_ms"` // the longest wait at this moment
	Saturated  bool    `json:"saturated"`
	Groups     int64   `json:"groups"`  // written together by the group writer
	Grouped    int64   `json:"grouped"` // commits in them
}

// SlowRecall is the course of one recall; it says nothing of whose it is or about what.
type SlowRecall struct {
	RecallID  wire.ID   `json:"recall_id"`
	Kind      string    `json:"kind"` // of the input
	StartedAt wire.Time `json:"started_at"`
	TotalMS   float64   `json:"total_ms"`
	AddedMS   float64   `json:"added_ms"` // without the outside services
	Ended     string    `json:"ended"`    // done, refining, no_match, failed, cancelled, expired
	Stages    []Stage   `json:"stages"`   // in their order
}

// Stage is one stage of a recall, by its name in recall.status.
type Stage struct {
	Stage string  `json:"stage"`
	MS    float64 `json:"ms"`
}

// Limits are what the users' limits have decided.
type Limits struct {
	Admitted int64            `json:"admitted"`
	Refused  map[string]int64 `json:"refused"` // by policy
	Users    LimitedUsers     `json:"users"`
}

// LimitedUsers are users of the last five minutes. One who is refused ten times and more
// hammers the limits; the others who are refused are normal users in whose way they are.
// Limited and Hammering have nobody in common; Active has them all.
type LimitedUsers struct {
	Active    int `json:"active"` // asked for a recall
	Limited   int `json:"limited"`
	Hammering int `json:"hammering"`
}

// Overload is whether new recalls are refused to keep running ones well.
type Overload struct {
	Shedding    bool             `json:"shedding"`
	Reason      string           `json:"reason,omitempty"` // database, processor or recalls
	Shed        int64            `json:"shed"`             // recalls refused so far
	ShedFor     map[string]int64 `json:"shed_for"`         // the same by reason
	LagMS       float64          `json:"lag_ms"`           // lateness of the server's own work
	OpenRecalls int64            `json:"open_recalls"`     // accepted and not ended
}

// Stats is everything that the recorder itself knows; the caller adds the rest.
func (r *Recorder) Stats() Stats {
	return Stats{
		Operations:    show(r.ops, (*operation).snapshot),
		Cache:         show(r.caches, (*cache).snapshot),
		Coalesced:     r.coalesced.counts(),
		Breakers:      map[string]Breaker{},
		ActiveRecalls: r.active.Load(),
		Stages:        show(r.stages, func(s *stage) Operation { return s.snapshot() }),
		Slowest:       r.slow.top(),
		Limits:        Limits{Admitted: r.admitted.value(), Refused: r.refused.counts(), Users: r.users.figures()},
		Floods:        r.floods.counts(),
		Debounced:     r.debounced.counts(),
		Prefetched:    r.prefetched.counts(),
		Off:           []string{},
		Overload:      Overload{Shed: r.shed.sum(), ShedFor: r.shed.counts()},
	}
}

// StatsHandler serves what collect returns.
func StatsHandler(collect func() Stats) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		_ = json.NewEncoder(w).Encode(collect()) // the reader may be gone
	})
}
