package session

import (
	"sync"

	"recall/wire"
)

// upload is an open one and its channel.
type upload struct {
	Upload
	channel uint32
}

// uploads are the open ones of a connection. They are not the mailbox's alone: one
// that was begun just when the session ended would reach no mailbox, and nobody
// would end it.
type uploads struct {
	mu    sync.Mutex
	open  map[wire.ID]*upload // nil until there is one: most connections have none
	taken int                 // places: of open ones and of those about to be
	ended bool
}

// reserve takes a place for one more upload; false: there are as many as there may be.
func (u *uploads) reserve() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.taken >= wire.MaxUploads {
		return false
	}
	u.taken++
	return true
}

// release gives the place of an upload back that was not begun.
func (u *uploads) release() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.taken--
}

// add puts an upload into its place; after the end it is aborted instead.
func (u *uploads) add(one *upload) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.ended {
		one.Abort()
		return false
	}
	if u.open == nil {
		u.open = map[wire.ID]*upload{}
	}
	u.open[one.ID()] = one
	return true
}

// remove takes an upload out, to be ended; nil: it is not there.
func (u *uploads) remove(id wire.ID) *upload {
	u.mu.Lock()
	defer u.mu.Unlock()
	one := u.open[id]
	if one == nil {
		return nil
	}
	u.taken--
	if delete(u.open, id); len(u.open) == 0 {
		u.open = nil
	}
	return one
}

// end aborts what is open, and what will be.
func (u *uploads) end() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.ended = true
	for _, one := range u.open {
		one.Abort()
	}
	u.open = nil
}
