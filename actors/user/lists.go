package user

import (
	"maps"
	"time"

	"recall/wire"
)

// Lists keeps the pages of the thread list of every user of the process. Only a user's
// own grain reads and writes its entry. Pages are right for as long as nobody drops
// them; how old they may be, counted from [Pages.Since], is the keeper's to say.
type Lists interface {
	Get() (Pages, bool)
	Keep(p Pages)
	Drop()
}

// NoLists keeps nothing: the thread cache is switched off.
type NoLists struct{}

// Get implements [Lists].
func (NoLists) Get() (Pages, bool) { return Pages{}, false }

// Keep implements [Lists].
func (NoLists) Keep(Pages) {}

// Drop implements [Lists].
func (NoLists) Drop() {}

// maxPages bounds the pages that are kept of one user.
const maxPages = 20

// Pages are what is kept of a user's thread list. It is a value: a change makes a new
// one.
type Pages struct {
	Since    time.Time                // when the first of them was read
	ByCursor map[string]*wire.Threads // "" is the first page
}

// with is the pages and one more.
func (p Pages) with(cursor string, page *wire.Threads) Pages {
	byCursor := maps.Clone(p.ByCursor)
	if byCursor == nil {
		byCursor = map[string]*wire.Threads{}
	}
	byCursor[cursor] = page
	return Pages{Since: p.Since, ByCursor: byCursor}
}

// Bytes is about what the pages take in memory, for the bound of the cache.
func (p Pages) Bytes() uint32 {
	const pagesOverhead, pageOverhead, threadOverhead = 150, 150, 250
	total := pagesOverhead
	for cursor, page := range p.ByCursor {
		total += pageOverhead + len(cursor)
		for _, t := range page.Threads {
			total += threadOverhead + len(t.Title) + len(t.Summary)
		}
	}
	return uint32(min(total, 1<<31))
}
