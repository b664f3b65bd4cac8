package gateway

import (
	"container/list"
	"net/netip"
	"sync"
	"time"
)

// maxAddresses is how many addresses without a connection are remembered, each in some
// 400 bytes. Beyond it the one that was seen longest ago is forgotten, which gives it a
// full allowance again: whoever has so many addresses has their allowances anyway.
const maxAddresses = 100_000

// addresses knows what each address has asked of late. Those with connections are as
// many as there may be connections; of the others those are remembered whose allowance
// is not full again, since forgetting a full one changes nothing.
type addresses struct {
	maxConns int       // of one address; 0: any number
	policies [2]policy // by kind
	most     int       // without a connection
	fill     time.Duration

	mu    sync.Mutex
	known map[netip.Addr]*address
	idle  list.List // those without a connection; the front was seen longest ago
}

// kind is what an address may ask only so often.
type kind int

const (
	handshakes kind = iota
	requests
)

type address struct {
	key     netip.Addr
	conns   int
	buckets [2]bucket // by kind
	seen    time.Time
	place   *list.Element // in idle; nil with connections
}

func newAddresses(maxConns int, handshakes, requests policy) *addresses {
	return &addresses{
		maxConns: maxConns, policies: [2]policy{handshakes, requests}, most: maxAddresses,
		fill:  max(handshakes.window(), requests.window()),
		known: map[netip.Addr]*address{},
	}
}

// take counts one handshake or request. A wait above 0 refuses it.
func (a *addresses) take(key netip.Addr, k kind, now time.Time) (s standing, wait time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	b := a.at(key, now).buckets[k]
	wait = b.take(now)
	return standing{b.left(now), b.more(now)}, wait
}

// enter counts a connection; nil: the address has too many.
func (a *addresses) enter(key netip.Addr, now time.Time) (who *address, left int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	who = a.at(key, now)
	if who.conns >= a.maxConns {
		return nil, 0
	}
	if who.conns++; who.place != nil {
		a.idle.Remove(who.place)
		who.place = nil
	}
	return who, a.maxConns - who.conns
}

// leave counts a connection off.
func (a *addresses) leave(who *address, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if who.conns--; who.conns == 0 {
		who.seen = now
		who.place = a.idle.PushBack(who)
	}
	a.forget(now)
}

// at finds an address, or takes it in as one that has asked nothing yet.
func (a *addresses) at(key netip.Addr, now time.Time) *address {
	who, known := a.known[key]
	if !known {
		who = &address{key: key, buckets: [2]bucket{a.policies[handshakes].bucket(), a.policies[requests].bucket()}}
		who.place = a.idle.PushBack(who)
		a.known[key] = who
	}
	who.seen = now
	if who.place != nil {
		a.idle.MoveToBack(who.place)
	}
	a.forget(now)
	return who
}

// forget drops who has a full allowance again, and the one seen longest ago when there
// are too many. The one just seen is the last in line, so that it stays.
func (a *addresses) forget(now time.Time) {
	for front := a.idle.Front(); front != nil && front != a.idle.Back(); front = a.idle.Front() {
		who := front.Value.(*address)
		if now.Sub(who.seen) < a.fill && a.idle.Len() <= a.most {
			return
		}
		a.idle.Remove(front)
		delete(a.known, who.key)
	}
}
