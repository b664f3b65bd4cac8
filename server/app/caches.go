package app

import (
	"time"

	"github.com/maypok86/otter/v2"

	"recall/actors/thread"
	"recall/actors/user"
	"recall/server/config"
	"recall/wire"
)

// caches are the two of the process (RECALL.md, "Caches"). Their entries belong
// to the grains: a thread's book to its thread, a list of threads to its user. Either
// may be switched off; then it stays empty.
type caches struct {
	books   *otter.Cache[wire.ID, thread.Book]
	lists   *otter.Cache[wire.ID, user.Pages]
	without struct{ books, lists bool }
}

func newCaches(cfg config.Config) *caches {
	c := &caches{
		books: otter.Must(&otter.Options[wire.ID, thread.Book]{
			MaximumWeight:    uint64(cfg.MessageCacheBytes),
			Weigher:          func(_ wire.ID, b thread.Book) uint32 { return b.Bytes() },
			ExpiryCalculator: otter.ExpiryWriting[wire.ID, thread.Book](cfg.MessageCacheTTL),
		}),
		lists: otter.Must(&otter.Options[wire.ID, user.Pages]{
			MaximumWeight:    uint64(cfg.ThreadCacheBytes),
			Weigher:          func(_ wire.ID, p user.Pages) uint32 { return p.Bytes() },
			ExpiryCalculator: otter.ExpiryWritingFunc(func(e otter.Entry[wire.ID, user.Pages]) time.Duration { return leftOf(e.Value, cfg.ThreadCacheTTL) }),
		}),
	}
	c.without.books, c.without.lists = !cfg.MessageCache, !cfg.ThreadCache
	return c
}

// leftOf is how long pages may still be shown. Their time runs from the first one's
// reading, however often a user sleeps and lays them back.
func leftOf(p user.Pages, ttl time.Duration) time.Duration {
	return max(ttl-time.Since(p.Since), time.Nanosecond)
}

// close ends the goroutines that look for what has expired.
func (c *caches) close() {
	c.books.StopAllGoroutines()
	c.lists.StopAllGoroutines()
}

func (c *caches) shelf() thread.Shelf {
	if c.without.books {
		return thread.NoShelf{}
	}
	return shelf{c.books}
}

func (c *caches) listsOf(id wire.ID) user.Lists {
	if c.without.lists {
		return user.NoLists{}
	}
	return list{c.lists, id}
}

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
	lists *otter.Cache[wire.ID, user.Pages]
	user  wire.ID
}

// Get implements [user.Lists].
func (l list) Get() (user.Pages, bool) { return l.lists.GetIfPresent(l.user) }

// Keep implements [user.Lists].
func (l list) Keep(p user.Pages) { l.lists.Set(l.user, p) }

// Drop implements [user.Lists].
func (l list) Drop() { l.lists.Invalidate(l.user) }
