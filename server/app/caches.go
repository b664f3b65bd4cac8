package app

import (
	"github.com/maypok86/otter/v2"

	"recall/actors/thread"
	"recall/actors/user"
	"recall/server/config"
	"recall/wire"
)

// caches are the two of the process (RECALL.md, "Caches"). Their entries belong
// to the grains: a thread's book to its thread, a list of threads to its user.
type caches struct {
	books *otter.Cache[wire.ID, thread.Book]
	lists *otter.Cache[wire.ID, *wire.Threads]
}

func newCaches(cfg config.Config) *caches {
	return &caches{
		books: otter.Must(&otter.Options[wire.ID, thread.Book]{
			MaximumWeight:    uint64(cfg.MessageCacheBytes),
			Weigher:          func(_ wire.ID, b thread.Book) uint32 { return b.Bytes() },
			ExpiryCalculator: otter.ExpiryWriting[wire.ID, thread.Book](cfg.MessageCacheTTL),
		}),
		lists: otter.Must(&otter.Options[wire.ID, *wire.Threads]{
			MaximumWeight:    uint64(cfg.ThreadCacheBytes),
			Weigher:          func(_ wire.ID, t *wire.Threads) uint32 { return uint32(len(t.Threads)) * 400 },
			ExpiryCalculator: otter.ExpiryWriting[wire.ID, *wire.Threads](cfg.ThreadCacheTTL),
		}),
	}
}

// close ends the goroutines that look for what has expired.
func (c *caches) close() {
	c.books.StopAllGoroutines()
	c.lists.StopAllGoroutines()
}

func (c *caches) shelf() thread.Shelf           { return shelf{c.books} }
func (c *caches) listsOf(id wire.ID) user.Lists { return list{c.lists, id} }

// shelf implements [thread.Shelf].
type shelf struct {
	books *otter.Cache[wire.ID, thread.Book]
}

// Book implements [thread.Shelf].
func (s shelf) Book(id wire.ID) (thread.Book, bool) { return s.books.GetIfPresent(id) }

// Keep implements [thread.Shelf].
func (s shelf) Keep(id wire.ID, b thread.Book) { s.books.Set(id, b) }

// list implements [user.Lists] for one user.
type list struct {
	lists *otter.Cache[wire.ID, *wire.Threads]
	user  wire.ID
}

// Get implements [user.Lists].
func (l list) Get() (*wire.Threads, bool) { return l.lists.GetIfPresent(l.user) }

// Keep implements [user.Lists].
func (l list) Keep(t *wire.Threads) { l.lists.Set(l.user, t) }

// Drop implements [user.Lists].
func (l list) Drop() { l.lists.Invalidate(l.user) }
