package catalog

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"

	"recall/wire"
)

// Index holds the songs. Any number of goroutines may read and write it at
// once: a reader works on the snapshot it found and never waits; writers wait
// for each other. See the package's text for the structure.
type Index struct {
	writing sync.Mutex // owns the order of snapshots
	now     atomic.Pointer[snapshot]
}

// snapshot is the index at one moment, never changed.
type snapshot struct {
	parts []part // largest first, roughly
	live  int
}

// New is an empty index.
func New() *Index {
	x := &Index{}
	x.now.Store(&snapshot{})
	return x
}

// Len is the number of songs.
func (x *Index) Len() int { return x.now.Load().live }

// Upsert adds songs or replaces those with the same ID; of two in one call
// the later stays. Readers see all of a call or nothing.
func (x *Index) Upsert(songs ...wire.Song) {
	if len(songs) == 0 {
		return
	}
	songs = latestByID(songs)
	x.writing.Lock()
	defer x.writing.Unlock()
	seg := buildSegment(songs)
	x.store(append(x.without(seg.ids), part{seg, nil, len(songs)}))
}

// Remove takes songs away; unknown ids are ignored.
func (x *Index) Remove(ids ...int64) {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.store(x.without(ids))
}

// Reset replaces everything with songs, in one step for readers.
func (x *Index) Reset(songs ...wire.Song) {
	songs = latestByID(songs)
	x.writing.Lock()
	defer x.writing.Unlock()
	if len(songs) == 0 {
		x.store(nil)
		return
	}
	x.store([]part{{buildSegment(songs), nil, len(songs)}})
}

func (x *Index) store(parts []part) {
	next := &snapshot{parts: compact(parts)}
	for _, p := range next.parts {
		next.live += p.live
	}
	x.now.Store(next)
}

// without is the parts of now with ids dead, in a slice of its own.
func (x *Index) without(ids []int64) []part {
	parts := slices.Clone(x.now.Load().parts)
	for i := range parts {
		parts[i].bury(ids)
	}
	return parts
}

func (p *part) bury(ids []int64) {
	copied := false
	for _, id := range ids {
		doc, found := p.doc(id)
		if !found || p.dead.has(doc) {
			continue
		}
		if !copied {
			p.dead, copied = p.deadCopy(), true
		}
		p.dead.set(doc)
		p.live--
	}
}

func (p *part) deadCopy() bitmap {
	if p.dead == nil {
		return make(bitmap, (len(p.ids)+63)/64)
	}
	return slices.Clone(p.dead)
}

func latestByID(songs []wire.Song) []wire.Song {
	songs = slices.Clone(songs)
	slices.SortStableFunc(songs, func(a, b wire.Song) int { return cmp.Compare(a.ID, b.ID) })
	kept := songs[:0]
	for i, s := range songs {
		if i+1 == len(songs) || songs[i+1].ID != s.ID {
			kept = append(kept, s)
		}
	}
	return kept
}

// Small segments are merged at once; larger ones when the last has grown to
// half of the one before it, so that each song is moved a logarithmic number
// of times and a search looks into a logarithmic number of segments.
const (
	smallParts = 64
	growth     = 2
)

func compact(parts []part) []part {
	parts = slices.DeleteFunc(parts, func(p part) bool { return p.live == 0 })
	for i, p := range parts {
		if len(p.ids) > smallParts && p.live < len(p.ids)/2 { // mostly dead
			parts[i] = part{mergeParts(parts[i : i+1]), nil, p.live}
		}
	}
	from, size := len(parts), 0
	for from > 0 && (from == len(parts) || size+parts[from-1].live <= smallParts || parts[from-1].live < growth*size) {
		from--
		size += parts[from].live
	}
	if len(parts)-from < 2 {
		return parts
	}
	return append(parts[:from:from], part{mergeParts(parts[from:]), nil, size})
}
