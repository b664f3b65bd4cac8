package thread

import (
	"cmp"
	"time"

	"recall/actors/grain"
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
	// dropped connection; older gaps make it reload. Defaults 512 and 64 KiB, about
	// four recalls: with ten thousand threads awake that is where memory goes. A thread
	// that was idle for [Config.Idle] has no history.
	HistoryEvents int
	HistoryBytes  int
	// Parked is the most requests that wait for the thread to load, and the most
	// entries that wait in its log for the store. Default 256.
	Parked int
	// Idle is how long a thread without subscribers, recalls and requests stays
	// in memory. Default 2 min.
	Idle time.Duration
	// Without switches optimisations off. Default: none.
	Without grain.Without
	// Meter counts cache lookups and shared loads. Default: nobody counts.
	Meter grain.Meter
	// NewID makes ids; tests count. Default [wire.NewID].
	NewID func() wire.ID
}

func (c Config) withDefaults() Config {
	c.Waiting = cmp.Or(c.Waiting, 4)
	c.Budget = cmp.Or(c.Budget, wire.RecallBudget)
	c.HistoryEvents = cmp.Or(c.HistoryEvents, 512)
	c.HistoryBytes = cmp.Or(c.HistoryBytes, 64<<10)
	c.Parked = cmp.Or(c.Parked, 256)
	c.Idle = cmp.Or(c.Idle, 2*time.Minute)
	if c.Meter == nil {
		c.Meter = grain.NoMeter{}
	}
	if c.NewID == nil {
		c.NewID = wire.NewID
	}
	return c
}
