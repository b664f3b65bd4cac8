package media

import (
	"time"

	"github.com/maypok86/otter/v2"

	"recall/wire"
)

// known are rows that were stored or asked for a short while ago: an upload is
// used at once, and its row never changes, so nobody needs to ask for it again.
//
// A row may be removed by another process without a word here. What is said of it
// until it is forgotten does no harm: a commit that accepts a recall looks for the
// row itself, and who wants the bytes is told that they are gone.
type known struct {
	rows *otter.Cache[wire.ID, wire.Media]
}

const (
	knownAtMost = 4096 // some 300 bytes each
	knownFor    = 10 * time.Minute
)

func newKnown() known {
	return known{otter.Must(&otter.Options[wire.ID, wire.Media]{
		MaximumSize:      knownAtMost,
		ExpiryCalculator: otter.ExpiryWriting[wire.ID, wire.Media](knownFor),
	})}
}

func (k known) get(id wire.ID) (wire.Media, bool) { return k.rows.GetIfPresent(id) }

func (k known) keep(m wire.Media) { k.rows.Set(m.ID, m) }

func (k known) forget(id wire.ID) { k.rows.Invalidate(id) }

// close ends the goroutine that looks for what has expired.
func (k known) close() { k.rows.StopAllGoroutines() }
