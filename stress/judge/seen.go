package judge

import (
	"slices"
	"strings"
	"time"

	"recall/wire"
)

// recall is what was seen of one recall.
type recall struct {
	thread, message wire.ID
	ended           int64 // when the first device saw its end
	until           int64 // it was certainly under way until then
	kind            kind
	accepted        bool
	device          uint32   // that saw the end first
	others          []uint32 // the others
}

func (j *Judge) recall(id wire.ID) *recall {
	c, ok := j.recalls[id]
	if !ok {
		c = &recall{}
		j.recalls[id] = c
	}
	return c
}

// kind is a terminal event's type, 0 for none.
type kind uint8

var kinds = []string{"", "completed", "failed", "cancelled", "expired"}

func (k kind) String() string { return kinds[k] }

// Ended says that a device saw the terminal event of a recall; kind is the
// event's type. A device is an app: over its reconnects it keeps its name.
func (j *Judge) Ended(device, recallID, kindOf string, at time.Time) {
	j.mu.Lock()
	defer j.mu.Unlock()
	i := slices.Index(kinds, strings.TrimPrefix(kindOf, "recall."))
	if i < 1 {
		j.unfit.add("recall %s ended with %q", recallID, kindOf)
		return
	}
	j.endings++
	id, d, now := j.id("recall_id", recallID), j.device(device), j.since(at)
	c := j.recall(id)
	if c.kind == 0 {
		c.kind, c.ended, c.device = kind(i), now, d
		return
	}
	c.ended = min(c.ended, now)
	if c.kind != kind(i) {
		j.double.add("recall %s %s and %s", id, c.kind, kind(i))
	}
	if c.device == d || slices.Contains(c.others, d) {
		j.double.add("recall %s ended twice on device %s", id, device)
		return
	}
	c.others = append(c.others, d)
}

// UnderWay says that a recall was certainly under way at a time: for instance
// when a recall.cancel was sent that then cancelled it. Without such words
// nobody outside can tell that more are under way than allowed: an end may lie
// long before it is seen.
func (j *Judge) UnderWay(recallID string, at time.Time) {
	j.mu.Lock()
	defer j.mu.Unlock()
	c := j.recall(j.id("recall_id", recallID))
	c.until = max(c.until, j.since(at))
}

// thread is what is known of one thread.
type thread struct {
	owner *user
	made  bool
	gap   int64 // nobody can have seen what happened until then
}

func (j *Judge) thread(id wire.ID) *thread {
	t, ok := j.threads[id]
	if !ok {
		t = &thread{gap: -forever}
		j.threads[id] = t
	}
	return t
}

// ThreadMade says that the making of a thread was acknowledged.
func (j *Judge) ThreadMade(user, threadID string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	id := j.id("thread_id", threadID)
	j.owned(j.user(user), id)
	j.thread(id).made = true
}

// Gap says that a thread was subscribed with recovered: false. The ends of its
// recalls until then may have come to nobody; the audit still wants them.
func (j *Judge) Gap(threadID string, at time.Time) {
	j.mu.Lock()
	defer j.mu.Unlock()
	t := j.thread(j.id("thread_id", threadID))
	t.gap = max(t.gap, j.since(at))
}

// Saw says that a user was shown something of a thread, an event or a row of a list.
func (j *Judge) Saw(user, threadID string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	id := j.id("thread_id", threadID)
	if t, ok := j.threads[id]; ok && t.owner != nil && t.owner != j.user(user) {
		j.foreign.add("user %s saw thread %s of user %s", user, id, t.owner.id)
	}
}

// owned notes whose a thread is.
func (j *Judge) owned(u *user, id wire.ID) {
	switch t := j.thread(id); t.owner {
	case nil:
		t.owner = u
	case u:
	default:
		j.foreign.add("thread %s is of users %s and %s", id, t.owner.id, u.id)
	}
}

// Fault says that a device found its events numbered against the promise.
func (j *Judge) Fault(device string, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.faults.add("device %s: %v", device, err)
}

// documented are the close codes of PROTOCOL.md, section 5, and the two of
// RFC 6455 for a parting in order.
var documented = []int{1000, 1001, 1009, 1012, 1013, 4001, 4008, 4012, 4500, 4501, 4504}

// Closed says that a connection ended with a code, -1 or 1006 when there was
// none. ours: the device ended it.
func (j *Judge) Closed(device string, code int, ours bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.closed++
	cut := code == -1 || code == 1006
	if cut && (ours || j.limits.Killed) || slices.Contains(documented, code) {
		return
	}
	j.codes.add("device %s with %d", device, code)
}
