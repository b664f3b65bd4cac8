package metrics

import (
	"maps"
	"sync"
	"time"

	"recall/wire"
)

const (
	// recentMinutes are the minutes that a user counts for: the running one and the
	// five before, so that the last five minutes are in them whatever the second.
	recentMinutes = 6
	// mostRecent bounds the users that are known of one minute. Further ones are not
	// counted: with so many the share of the limited is known well enough. At about
	// 50 bytes each all minutes together take at most 15 MB.
	mostRecent = 50_000
	// hammered is how many refusals in the window make a user one who hammers.
	hammered = 10
)

// recentUsers knows who has asked for a recall in the last minutes, and how often he
// was refused. It is safe for concurrent use.
type recentUsers struct {
	now func() time.Time

	mu      sync.Mutex
	minute  int64                             // the running one, since 1970
	refused [recentMinutes]map[wire.ID]uint32 // by minute modulo
}

func newRecentUsers(now func() time.Time) *recentUsers { return &recentUsers{now: now} }

func (u *recentUsers) asked(user wire.ID, refused bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	running := u.running()
	before, known := running[user]
	if !known && len(running) >= mostRecent {
		return
	}
	if refused {
		before++
	}
	running[user] = before
}

// running moves on to the present minute. Minutes are replaced, never emptied: who
// reads past ones need not hold the lock.
func (u *recentUsers) running() map[wire.ID]uint32 {
	now := u.now().Unix() / 60
	if now-u.minute >= recentMinutes {
		u.minute = now - recentMinutes
	}
	for u.minute < now { // a clock that was set back stays in the newest minute
		u.minute++
		u.refused[u.minute%recentMinutes] = map[wire.ID]uint32{}
	}
	return u.refused[u.minute%recentMinutes]
}

// window are the minutes, not to be changed.
func (u *recentUsers) window() [recentMinutes]map[wire.ID]uint32 {
	u.mu.Lock()
	defer u.mu.Unlock()
	running := u.running()
	all := u.refused
	all[u.minute%recentMinutes] = maps.Clone(running)
	return all
}

func (u *recentUsers) count() LimitedUsers {
	total := map[wire.ID]uint32{}
	for _, minute := range u.window() {
		for user, refused := range minute {
			total[user] += refused
		}
	}
	n := LimitedUsers{Active: len(total)}
	for _, refused := range total {
		switch {
		case refused >= hammered:
			n.Hammering++
		case refused > 0:
			n.Limited++
		}
	}
	return n
}
