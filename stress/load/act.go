package load

import (
	"context"
	"time"

	"recall/stress/device"
)

// act lets a user do what has arrived. It does not wait for the server: what takes more
// than sending goes on by itself.
func (l *load) act(ctx context.Context, a Arrival, due time.Time, s *step) {
	n := a.Kind.recalls()
	l.tally.actions.Add(int64(max(1, n)))
	l.tally.due.Add(int64(n))
	if s != nil {
		s.due.Add(int64(n))
	}
	u := l.pick(a.Kind, n)
	if u == nil {
		l.tally.fail("nobody was free for a %s", a.Kind)
		s.fail()
		return
	}
	l.group.Go(func() { u.do(ctx, a, due, s) })
}

// pick finds a user who may do it: in turns, so that each has the same share.
func (l *load) pick(k Kind, recalls int) *user {
	if k == Hammer {
		return l.hammers.pick(int(l.connected.Load()), l.size, func(u *user) bool { return u.reserve(recalls, time.Now()) })
	}
	return l.normal.pick(int(l.connected.Load()), l.size, func(u *user) bool { return u.reserve(recalls, time.Now()) })
}

func (u *user) do(ctx context.Context, a Arrival, due time.Time, s *step) {
	one := func(fresh bool) *ask {
		return &ask{kind: a.Kind, due: due, step: s, room: u.room(fresh), cancel: cancelAfter(a.Luck)}
	}
	switch a.Kind {
	case Ask, Cancel:
		u.text(one(true), u.load.question(a.Luck))
	case FollowUp:
		u.text(one(false), u.load.question(a.Luck))
	case Hammer:
		for i := range hammered {
			u.text(one(true), u.load.question(a.Luck+uint64(i))) //nolint:gosec // seven
		}
	case Voice:
		u.voice(ctx, one(false), u.load.clips[a.Luck%uint64(len(u.load.clips))])
	case Page:
		u.page(due)
	case List:
		u.fire("thread.list", `"limit":20`, u.timed("threads", "thread.list", due))
	case Resume:
		u.resume(ctx, time.Duration(a.Luck%500)*time.Millisecond)
	case kinds:
	}
}

// page reads the newest messages of the newest thread; who has none looks at the list.
func (u *user) page(due time.Time) {
	u.mu.Lock()
	thread := ""
	if n := len(u.rooms); n > 0 {
		thread = u.rooms[n-1].id
	}
	u.mu.Unlock()
	if thread == "" {
		u.fire("thread.list", "", u.timed("threads", "thread.list", due))
		return
	}
	u.fire("messages.list", `"thread_id":"`+thread+`"`, u.timed("messages", "messages.list", due))
}

func (u *user) timed(kind, command string, due time.Time) func(*device.Head, time.Time) {
	latency := u.load.tally.listing
	if kind == "messages" {
		latency = u.load.tally.paging
	}
	return func(h *device.Head, at time.Time) {
		if h != nil && u.expect(h, kind, command) {
			latency.Record(at.Sub(due))
		}
	}
}

// resume loses the connection and comes back after a while.
func (u *user) resume(ctx context.Context, after time.Duration) {
	if !u.cut() {
		return
	}
	select {
	case <-time.After(after):
	case <-ctx.Done():
		return
	}
	if err := u.connect(ctx, true); err != nil && ctx.Err() == nil {
		u.load.tally.fail("reconnect: %v", err)
	}
}
