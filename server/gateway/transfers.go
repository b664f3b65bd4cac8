package gateway

import (
	"sync"
	"time"

	"recall/wire"
)

const (
	// transferIdle is how long an upload or download over HTTP may stand still.
	transferIdle = 30 * time.Second
	// maxTransfers is how many of them one user may have at once, each on a socket: as many
	// as WebSockets, and as uploads in the store. A user may be an app's own server, which
	// speaks for many.
	maxTransfers = 256
)

// transfers are the uploads and downloads over HTTP.
type transfers struct {
	idle time.Duration

	mu     sync.Mutex
	ofUser map[wire.ID]int
}

// enter counts one more of a user's, who may have as many more as are left; false: there
// are too many.
func (t *transfers) enter(user wire.ID) (left int, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ofUser[user] >= maxTransfers {
		return 0, false
	}
	t.ofUser[user]++
	return maxTransfers - t.ofUser[user], true
}

func (t *transfers) leave(user wire.ID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ofUser[user]--; t.ofUser[user] == 0 {
		delete(t.ofUser, user)
	}
}
