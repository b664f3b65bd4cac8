package load

import (
	"sync"
	"time"

	"recall/stress/device"
)

// What a user keeps to, with room to the server's own limits (10 a minute, 100 an hour,
// 5 at once): a recall that was long under way may count later than it was sent.
const (
	mostMinute = 8
	mostHour   = 95
	mostOpen   = 4
	mostRooms  = 3 // threads that a device follows at once, if it can
)

// user is a person with one device.
type user struct {
	load    *load
	index   int
	id      string
	hammers bool
	places  *device.Places

	door sync.Mutex // one connection is made at a time

	mu      sync.Mutex // guards what follows
	conn    *device.Lean
	up      bool      // welcomed
	retired bool      // to leave: nothing more to do
	ours    bool      // the connection is ended by us
	lost    int       // connections that were not ended by us
	since   time.Time // when this connection was begun
	resumes bool      // it began with the places of one before
	welcome chan int  // told once, at the first welcome of a connection: the free places of recall_concurrent
	rooms   []*room
	waiting map[string]func(h *device.Head, at time.Time) // replies, by command id; nil, when the connection ended first
	asks    map[string]*ask                               // sent and not answered, by request_id
	open    map[string]*ask                               // accepted and not ended, by recall_id
	early   map[string]ending                             // ends that came before their recall was known
	sent    []time.Time                                   // of recalls in the last hour
}

// room is a thread that the device follows.
type room struct {
	id   string
	open int // recalls sent and not ended
}

// ending is a terminal event.
type ending struct {
	kind              string
	noMatch, degraded bool
	at                time.Time
}

func newUser(l *load, index int, hammers bool) *user {
	return &user{
		load: l, index: index, id: device.NewUUID(), hammers: hammers, places: device.NewPlaces(),
		waiting: map[string]func(*device.Head, time.Time){}, asks: map[string]*ask{}, open: map[string]*ask{}, early: map[string]ending{},
	}
}

// reserve takes a place for n more recalls, if the user is there and may send them.
// Who hammers may always.
func (u *user) reserve(n int, now time.Time) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if !u.up || u.retired {
		return false
	}
	if !u.hammers && n > 0 && (len(u.asks)+len(u.open)+n > mostOpen || !u.within(now)) {
		return false
	}
	for range n {
		u.sent = append(u.sent, now)
	}
	return true
}

// within tells whether one more recall keeps to the limits.
func (u *user) within(now time.Time) bool {
	for len(u.sent) > 0 && now.Sub(u.sent[0]) >= time.Hour {
		u.sent = u.sent[1:]
	}
	minute := 0
	for i := len(u.sent) - 1; i >= 0 && now.Sub(u.sent[i]) < time.Minute; i-- {
		minute++
	}
	return minute < mostMinute && len(u.sent) < mostHour
}

// retire gives the user nothing more to do.
func (u *user) retire() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.retired = true
}

// busy is how many recalls are under way as far as the device knows.
func (u *user) busy() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return len(u.asks) + len(u.open)
}

// fire sends a command; then is called once: by the reader, so it must not wait.
func (u *user) fire(kind, fields string, then func(h *device.Head, at time.Time)) {
	u.mu.Lock()
	conn := u.conn
	if conn == nil {
		u.mu.Unlock()
		then(nil, time.Now())
		return
	}
	id := conn.ID()
	u.waiting[id] = then
	u.mu.Unlock()
	_ = conn.Fire(id, kind, fields) // if it fails, the end of the connection tells
}

// take is who waits for a reply.
func (u *user) take(id []byte) func(*device.Head, time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	then := u.waiting[string(id)]
	delete(u.waiting, string(id))
	return then
}

// active tells whether the user has sent any recall.
func (u *user) active() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return len(u.sent) > 0
}

// room is the newest thread that the device follows, or a new one that it makes.
func (u *user) room(fresh bool) *room {
	u.mu.Lock()
	if n := len(u.rooms); n > 0 && !fresh {
		defer u.mu.Unlock()
		u.rooms[n-1].open++
		return u.rooms[n-1]
	}
	r := &room{id: device.NewUUID(), open: 1}
	u.rooms = append(u.rooms, r)
	left := u.forget()
	u.mu.Unlock()
	u.create(r)
	if left != "" {
		u.fire("thread.unsubscribe", `"thread_id":"`+left+`"`, func(h *device.Head, _ time.Time) {
			if h != nil {
				u.places.Forget(left)
				u.expect(h, "ok", "thread.unsubscribe")
			}
		})
	}
	return r
}

// forget leaves the oldest thread in which nothing is under way, as an app does whose
// person goes on to another one.
func (u *user) forget() string {
	if len(u.rooms) <= mostRooms {
		return ""
	}
	for i, r := range u.rooms {
		if r.open == 0 {
			u.rooms = append(u.rooms[:i], u.rooms[i+1:]...)
			return r.id
		}
	}
	return ""
}

// create makes a thread, or makes sure that it is there.
func (u *user) create(r *room) {
	u.fire("thread.create", `"thread_id":"`+r.id+`"`, func(h *device.Head, _ time.Time) { u.made(r, h) })
}

// made takes the reply to thread.create. A lost one is sent again with its recall. What
// is empty is followed from its beginning on, also over a lost connection.
func (u *user) made(r *room, h *device.Head) {
	if h == nil || !u.expect(h, "thread", "thread.create") {
		return
	}
	var told struct {
		Thread struct {
			Seq   int64
			Epoch string
		}
	}
	if err := h.Into(&told); err != nil {
		u.load.tally.fail("thread cannot be read")
	}
	if told.Thread.Seq == 0 {
		u.places.Begin(r.id, told.Thread.Epoch)
	}
	u.load.judge.ThreadMade(u.id, r.id)
}

// expect counts any other reply as an error.
func (u *user) expect(h *device.Head, kind, command string) bool {
	if string(h.Type) == kind {
		return true
	}
	u.load.tally.fail("%s: %s %s %s", command, h.Type, h.Code, h.Policy)
	return false
}
