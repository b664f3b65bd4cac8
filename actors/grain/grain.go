// Package grain is what the grains of all kinds have in common: how one that
// ends sends its callers on, and who counts what its caches spare.
package grain

import (
	"time"

	"recall/wire"
)

// Moved answers a message that reached an activation which has ended: the next
// one has to be asked. Only actors.System sees it.
type Moved struct{}

// Meter is told what the grains do. It must be fast and safe for concurrent use.
type Meter interface {
	// Hit counts a lookup in a cache that spared a run of op, Miss one that did not.
	Hit(cache, op string)
	Miss(cache string)
	// Coalesced counts a request that joined a run of op under way.
	Coalesced(op string)
	// Debounced counts a request that had the result of an equal one of the same
	// connection a moment before.
	Debounced(op string)
	// Prefetched counts a run of op that nobody had asked for yet.
	Prefetched(op string)
	// Ended counts an accepted recall by its final state. It took so long from the
	// question's arrival to its terminal event, stored.
	Ended(recallID wire.ID, kind wire.InputKind, state string, took time.Duration)
	// Admitted counts a recall that a user's limits let in, Refused one that they did
	// not, by the limit's name.
	Admitted(user wire.ID)
	Refused(user wire.ID, policy string)
	// Shed counts a recall that was refused because the process has too much to do, by
	// what it has too much of.
	Shed(reason string)
}

// NoMeter counts nothing.
type NoMeter struct{}

// Hit implements [Meter].
func (NoMeter) Hit(string, string) {}

// Miss implements [Meter].
func (NoMeter) Miss(string) {}

// Coalesced implements [Meter].
func (NoMeter) Coalesced(string) {}

// Ended implements [Meter].
func (NoMeter) Ended(wire.ID, wire.InputKind, string, time.Duration) {}

// Debounced implements [Meter].
func (NoMeter) Debounced(string) {}

// Prefetched implements [Meter].
func (NoMeter) Prefetched(string) {}

// Admitted implements [Meter].
func (NoMeter) Admitted(wire.ID) {}

// Refused implements [Meter].
func (NoMeter) Refused(wire.ID, string) {}

// Shed implements [Meter].
func (NoMeter) Shed(string) {}
