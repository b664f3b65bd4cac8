package thread

import (
	"time"

	"recall/wire"
)

// Config bounds a thread. The zero value of a field is replaced by its default.
type Config struct {
	// Waiting is the most recalls that wait behind the running one; a further one
	// is refused with `busy`. Default 4 (PROTOCOL.md, section 5).
	Waiting int
	// Budget is the longest a recall takes from acceptance to its terminal event,
	// its waiting time included. Default 55 s (RECALL.md, "Budgets").
	Budget time.Duration
	// HistoryEvents and HistoryBytes bound what a client can catch up on after a
	// dropped connection; older gaps make it reload. Defaults 512 and 256 KiB.
	HistoryEvents int
	HistoryBytes  int
	// Parked is the most requests that wait for the thread to load. Default 256.
	Parked int
	// Idle is how long a thread without subscribers, recalls and requests stays
	// in memory. Default 2 min.
	Idle time.Duration
	// Meter counts cache lookups and shared loads. Default: nobody counts.
	Meter Meter
	// NewID makes ids; tests count. Default [wire.NewID].
	NewID func() wire.ID
}

func (c Config) withDefaults() Config {
	c.Waiting = or(c.Waiting, 4)
	c.Budget = or(c.Budget, wire.RecallBudget)
	c.HistoryEvents = or(c.HistoryEvents, 512)
	c.HistoryBytes = or(c.HistoryBytes, 256<<10)
	c.Parked = or(c.Parked, 256)
	c.Idle = or(c.Idle, 2*time.Minute)
	if c.Meter == nil {
		c.Meter = noMeter{}
	}
	if c.NewID == nil {
		c.NewID = wire.NewID
	}
	return c
}

func or[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}

// Meter is told what the caches and the sharing of work spare.
type Meter interface {
	// Hit counts a lookup that spared a run of op, Miss one that did not.
	Hit(cache, op string)
	Miss(cache string)
	// Coalesced counts a request that joined a run of op under way.
	Coalesced(op string)
}

type noMeter struct{}

func (noMeter) Hit(string, string) {}
func (noMeter) Miss(string)        {}
func (noMeter) Coalesced(string)   {}
