package gateway

import (
	"sync"

	"recall/wire"
)

// registry knows every connection of the process and how many each user has.
type registry struct {
	maxAll, maxUser int

	mu    sync.Mutex
	conns map[*conn]struct{}
	users map[wire.ID]int
	empty chan struct{} // closed while no connection is left, after drain began
	drain bool

	// tasks are the readers and writers. A connection's reader is counted when it is
	// added, under the lock that also begins the end: nobody waits for tasks that
	// are yet to be counted.
	tasks sync.WaitGroup
}

func newRegistry(maxAll, maxUser int) *registry {
	return &registry{
		maxAll: maxAll, maxUser: maxUser,
		conns: map[*conn]struct{}{}, users: map[wire.ID]int{}, empty: make(chan struct{}),
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
	r.tasks.Add(1)
	return true
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

// AdmitUser counts one more connection of a user; false: it has too many.
func (r *registry) admitUser(id wire.ID) (leave func(), ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.users[id] >= r.maxUser {
		return nil, false
	}
	r.users[id]++
	return func() { r.leaveUser(id) }, true
}

func (r *registry) leaveUser(id wire.ID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.users[id]--; r.users[id] == 0 {
		delete(r.users, id)
	}
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
