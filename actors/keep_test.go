package actors

import (
	"sync"

	"recall/actors/user"
	"recall/wire"
)

// keep is the cache of lists in these tests: only of users who were put there.
var keep shelves

type shelves struct{ users sync.Map }

func (s *shelves) put(userID wire.ID) { s.users.Store(userID, &entry{kept: make(chan struct{}, 1)}) }

func (s *shelves) of(userID wire.ID) *entry { e, _ := s.users.Load(userID); return e.(*entry) }

func (s *shelves) lists(userID wire.ID) user.Lists {
	if e, there := s.users.Load(userID); there {
		return e.(*entry)
	}
	return user.NoLists{}
}

// entry is a [user.Lists]. kept has a token when something was kept since it was
// taken.
type entry struct {
	mu    sync.Mutex
	pages *user.Pages
	kept  chan struct{}
}

// Get implements [user.Lists].
func (e *entry) Get() (user.Pages, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.pages == nil {
		return user.Pages{}, false
	}
	return *e.pages, true
}

// Keep implements [user.Lists].
func (e *entry) Keep(p user.Pages) {
	e.mu.Lock()
	e.pages = &p
	e.mu.Unlock()
	select {
	case e.kept <- struct{}{}:
	default:
	}
}

// Drop implements [user.Lists].
func (e *entry) Drop() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.pages = nil
}
