package metrics

import (
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
	// 50 bytes each all minutes together, with the sums, take at most 30 MB.
	mostRecent = 50_000
	// hammered is how many refusals in the window make a user one who hammers.
	hammered = 10
)

// recentUsers knows who has asked for a recall in the last minutes, and how often he
// was refused. It is safe for concurrent use. The sums are kept as they change: whoever
// reads the figures, once a second perhaps, does not go through all users for it.
type recentUsers struct {
	now func() time.Time

	mu      sync.Mutex
	minute  int64                             // the running one, since 1970
	refused [recentMinutes]map[wire.ID]uint32 // by minute modulo
	sums    map[wire.ID]recent
	counted LimitedUsers // of the sums
}

// recent is what one user has done in all minutes together.
type recent struct {
	minutes uint32 // in which he has asked
	refused uint32
}

func newRecentUsers(now func() time.Time) *recentUsers {
	return &recentUsers{now: now, sums: map[wire.ID]recent{}}
}

func (u *recentUsers) asked(user wire.ID, refused bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	running := u.running()
	before, known := running[user]
	if !known && len(running) >= mostRecent {
		return
	}
	sum := u.sums[user]
	if !known {
		sum.minutes++
	}
	if refused {
		before++
		sum.refused++
	}
	running[user] = before
	u.set(user, sum)
}

// running moves on to the present minute.
func (u *recentUsers) running() map[wire.ID]uint32 {
	now := u.now().Unix() / 60
	if now-u.minute >= recentMinutes {
		u.minute = now - recentMinutes
	}
	for u.minute < now { // a clock that was set back stays in the newest minute
		u.minute++
		u.forget(u.refused[u.minute%recentMinutes])
		u.refused[u.minute%recentMinutes] = map[wire.ID]uint32{}
	}
	return u.refused[u.minute%recentMinutes]
}

// forget takes a minute out of the sums.
func (u *recentUsers) forget(minute map[wire.ID]uint32) {
	for user, refused := range minute {
		sum := u.sums[user]
		u.set(user, recent{sum.minutes - 1, sum.refused - refused})
	}
}

// set replaces the sum of a user, and counts him as what he is now.
func (u *recentUsers) set(user wire.ID, sum recent) {
	u.count(u.sums[user], -1)
	u.count(sum, 1)
	if sum.minutes == 0 {
		delete(u.sums, user)
		return
	}
	u.sums[user] = sum
}

func (u *recentUsers) count(sum recent, n int) {
	switch {
	case sum.minutes == 0:
		return
	case sum.refused >= hammered:
		u.counted.Hammering += n
	case sum.refused > 0:
		u.counted.Limited += n
	}
	u.counted.Active += n
}

// figures are those of the present minutes.
func (u *recentUsers) figures() LimitedUsers {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.running()
	return u.counted
}
