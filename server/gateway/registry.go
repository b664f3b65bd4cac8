package gateway

import (
	"sync"

	"recall/actors/crew"
	"recall/wire"
)

// registry knows every connection of the process and how many each user has.
type registry struct {
	maxAll, maxUser int
	userPlaces      int // commands of one user under way at once

	mu    sync.Mutex
	conns map[*conn]struct{}
	users map[wire.ID]*member
	empty chan struct{} // closed while no connection is left, after drain began
	drain bool

	// readers are counted when their connection is added, under the lock that also begins
	// the end: nobody waits for what is yet to be counted.
	readers sync.WaitGroup
	crew    *crew.Crew // reads what has come, and writes
}

// waitingTasks is how many goroutines wait for the next burst to be written or read.
const waitingTasks = 32

func newRegistry(maxAll, maxUser, userPlaces int) *registry {
	return &registry{
		maxAll: maxAll, maxUser: maxUser, userPlaces: userPlaces,
		conns: map[*conn]struct{}{}, users: map[wire.ID]*member{}, empty: make(chan struct{}),
		crew: crew.New(waitingTasks),
	}
}

// add takes a connection in and counts its reader; false: the process is full or about to go.
func (r *registry) add(c *conn) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.drain || len(r.conns) >= r.maxAll {
		return false
	}
	r.conns[c] = struct{}{}
	r.readers.Add(1)
	return true
}

// end waits until every reader and writer has gone.
func (r *registry) end() {
	r.readers.Wait()
	r.crew.Wait()
	r.crew.Stop()
}

func (r *registry) full() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.drain || len(r.conns) >= r.maxAll
}

func (r *registry) remove(c *conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.conns, c)
	r.check()
}

func (r *registry) check() {
	if r.drain && len(r.conns) == 0 {
		select {
		case <-r.empty:
		default:
			close(r.empty)
		}
	}
}

func (r *registry) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.conns)
}

func (r *registry) countUsers() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.users)
}

// member is a user with connections. All of them share its places, one for each
// command under way: without that bound, one user's connections together could keep
// everybody else's commands waiting.
type member struct {
	conns  int
	places chan struct{}
}

// admitUser counts one more connection of a user; nil: it has too many.
func (r *registry) admitUser(id wire.ID) *member {
	r.mu.Lock()
	defer r.mu.Unlock()
	m, known := r.users[id]
	if !known {
		m = &member{places: make(chan struct{}, r.userPlaces)}
		r.users[id] = m
	}
	if m.conns >= r.maxUser {
		return nil
	}
	m.conns++
	return m
}

func (r *registry) leaveUser(id wire.ID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if m := r.users[id]; m.conns > 1 {
		m.conns--
		return
	}
	delete(r.users, id)
}

// close refuses new connections and returns those that are there. Wait on empty
// for them to go.
func (r *registry) close() []*conn {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.drain = true
	r.check()
	all := make([]*conn, 0, len(r.conns))
	for c := range r.conns {
		all = append(all, c)
	}
	return all
}
