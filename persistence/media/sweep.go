package media

import "context"

// Swept counts what a sweep removed.
type Swept struct {
	Unused  int // uploads that no message refers to
	Orphans int // blobs without a row
}

// Sweep removes uploads that no message refers to and that were not touched for
// Options.KeepUnused, and blobs older than an hour that have no row. One process
// should do it, every hour or so; several do no harm. What it could not remove is
// left to the next sweep.
func (s *Store) Sweep(ctx context.Context) (Swept, error) { panic("soon") }
