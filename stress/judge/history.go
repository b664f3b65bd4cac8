package judge

import (
	"cmp"
	"slices"
	"time"

	"recall/wire"
)

// place is a request's place in the limits: taken at an unknown moment from
// first to latest, its slot given back at an unknown moment until ended.
type place struct {
	request wire.ID
	first   int64
	latest  int64
	ended   int64
	until   int64 // the slot was certainly held from latest to this
	taken   bool  // certainly taken at all
}

// history is all that one user's limits may have seen, by first.
type history []place

// histories sorts the requests by user; those that cost nothing are left out.
func (j *Judge) histories() map[*user]history {
	all := map[*user]history{}
	for k, r := range j.requests {
		p := r.place()
		p.request = k.id
		if r.standing != open || r.pending > 0 {
			all[k.user] = append(all[k.user], p)
		}
	}
	for _, h := range all {
		slices.SortFunc(h, func(a, b place) int { return cmp.Compare(a.first, b.first) })
	}
	return all
}

// hardCap is how long a slot is held at most, should the end of its recall never
// be stored, as in an outage of the database. The audit's query says the same.
const hardCap = int64(90 * time.Second)

func (r *request) place() place {
	p := place{first: r.first, latest: r.latest, ended: forever, taken: r.standing == taken}
	switch {
	case r.standing != taken && r.pending > 0:
		p.latest = forever
	case r.standing == maybe:
		p.ended = r.latest + settled
	case r.standing == taken && r.recall.kind != 0:
		p.ended = r.recall.ended
	}
	if r.recall != nil {
		p.until = min(r.recall.until, r.first+hardCap)
	}
	return p
}

// exceeded finds the first window that certainly held more than limit: so many
// were asked and accepted within less than it. Whenever they took their places,
// that was within it too.
func (h history) exceeded(p policy, limit int) (count int, from int64, found bool) {
	for i, start := range h {
		count := 0
		for _, q := range h[i:] {
			if q.first >= start.first+p.window() {
				break
			}
			if q.taken && q.latest < start.first+p.window() {
				count++
			}
		}
		if count > limit {
			return count, start.first, true
		}
	}
	return 0, 0, false
}

// crowded finds the first moment at which certainly more than limit were under
// way. The most are, if at all, at the moment when one of them certainly began.
func (h history) crowded(limit int) (count int, at int64, found bool) {
	for _, start := range h {
		if !start.held(start.latest) {
			continue
		}
		count := 0
		for _, q := range h {
			if q.held(start.latest) {
				count++
			}
		}
		if count > limit {
			return count, start.latest, true
		}
	}
	return 0, 0, false
}

func (p place) held(at int64) bool { return p.taken && p.latest <= at && at < p.until }

// rounding is how much later than it was a place may be noted: times are told
// in milliseconds, and a server that keeps the limits rounds them up.
const rounding = int64(time.Millisecond)

// may tells whether the place may have counted for a policy at a time.
func (p place) may(by policy, at int64) bool {
	if p.first > at {
		return false
	}
	if by == concurrent {
		return at <= p.ended
	}
	return p.latest >= forever || at < p.latest+by.window()+rounding
}

// most is the greatest number of places that may have counted at one moment
// while the refusal was decided. It can rise only where another one was asked.
func (h history) most(r refusal) int {
	best := h.at(r, r.sent)
	from, _ := slices.BinarySearchFunc(h, r.sent, func(p place, t int64) int { return cmp.Compare(p.first, t) })
	for _, p := range h[from:] {
		if p.first > r.at {
			break
		}
		best = max(best, h.at(r, p.first))
	}
	return best
}

// at counts the places other than that of the refused request itself: had it had
// one, it would have been joined.
func (h history) at(r refusal, at int64) (count int) {
	for _, p := range h {
		if p.first > at {
			break
		}
		if p.request != r.request && p.may(r.policy, at) {
			count++
		}
	}
	return count
}
