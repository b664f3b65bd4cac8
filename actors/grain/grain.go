// Package grain is what the grains of all kinds have in common: how one that
// ends sends its callers on, and who counts what its caches spare.
package grain

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
	// Ended counts a recall by its final state, Refused one by the limit's name.
	Ended(state string)
	Refused(policy string)
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
func (NoMeter) Ended(string) {}

// Refused implements [Meter].
func (NoMeter) Refused(string) {}
