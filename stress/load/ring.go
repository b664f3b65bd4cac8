package load

import "math/rand/v2"

// ring takes users in turns, in another order each round. It is used by the scheduler
// alone.
type ring struct {
	users  []*user
	random *rand.Rand
	order  []int
	next   int
	stay   int // how often the same user is taken in succession; 0: once
	again  int
}

// pick is the next user that may, of those that are connected: the first ones, so many
// of all.
func (r *ring) pick(connected, all int, may func(*user) bool) *user {
	share := connected * len(r.users) / max(1, all)
	if r.again > 0 && r.next > 0 {
		r.again--
		if u := r.users[r.order[r.next-1]]; may(u) {
			return u
		}
	}
	for range min(50, 2*max(1, share)) {
		if r.next >= len(r.order) {
			r.order, r.next = r.random.Perm(min(len(r.users), max(1, share))), 0
		}
		u := r.users[r.order[r.next]]
		r.next++
		if may(u) {
			r.again = max(0, r.stay-1)
			return u
		}
	}
	return nil
}
