package load

import (
	"context"
	"fmt"
	"time"

	"recall/stress/device"
)

// connect opens the user's connection and returns when it is welcome. With resume it
// comes as one that has lost its connection.
func (u *user) connect(ctx context.Context, resume bool) (err error) {
	_, err = u.enter(ctx, resume)
	return err
}

// enter is [user.connect] that tells how many more recalls may be under way, -1 when the
// welcome did not say.
func (u *user) enter(ctx context.Context, resume bool) (free int, err error) {
	u.door.Lock()
	defer u.door.Unlock()
	ctx, cancel := context.WithTimeout(ctx, slowest)
	defer cancel()
	token, err := device.SignToken(u.load.world.Secret(), u.id, tokenLife)
	if err != nil {
		return 0, err
	}
	begun, welcome := time.Now(), make(chan int, 1)
	u.mu.Lock()
	u.since, u.resumes, u.ours, u.welcome = begun, resume, false, welcome
	u.mu.Unlock()
	o := device.LeanOptions{Source: u.source(), Places: u.places, Got: u.got, Fault: u.fault, Ended: u.gone, Hold: true}
	if !resume {
		o.Token = token
	}
	conn, err := u.load.dial(ctx, o)
	if err != nil {
		return 0, err
	}
	u.mu.Lock()
	u.conn = conn
	u.mu.Unlock()
	u.load.connected.Add(1)
	conn.Start()
	if resume {
		if err := conn.Hello("hello", token); err != nil {
			return 0, err
		}
	}
	select {
	case free = <-welcome:
		return free, nil
	case <-conn.Done():
		return 0, fmt.Errorf("the connection ended before its welcome")
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// tokenLife is longer than any run.
const tokenLife = 2 * time.Hour

// source spreads the connections over loopback addresses, 2,000 to each.
func (u *user) source() int { return 1 + u.index/2000 }

// got is called with each frame by the one reader of the connection.
func (u *user) got(h *device.Head) {
	at := time.Now()
	if len(h.ID) > 0 {
		if then := u.take(h.ID); then != nil {
			then(h, at)
			return
		}
	}
	switch {
	case len(h.RecallID) > 0 && h.IsEvent():
		u.event(h, at)
	case string(h.Type) == "welcome":
		u.welcomed(h, at)
	case string(h.Type) == "subscribed":
		u.subscribed(h, at)
	case string(h.Type) == "error":
		u.load.tally.fail("error frame without a command: %s %s", h.Code, h.Policy)
	}
}

func (u *user) fault(err error) { u.load.judge.Fault(u.id, err) }

// welcomed begins the work of a connection.
func (u *user) welcomed(h *device.Head, at time.Time) {
	var told struct {
		Limits []struct {
			Policy    string
			Remaining int
		}
	}
	if err := h.Into(&told); err != nil {
		u.load.tally.fail("welcome cannot be read")
	}
	free := -1
	for _, l := range told.Limits {
		if l.Policy == "recall_concurrent" {
			free = l.Remaining
		}
	}
	u.mu.Lock()
	since, resumes := u.since, u.resumes
	u.up = !resumes
	u.mu.Unlock()
	select {
	case u.welcome <- free:
	default: // a second welcome tells nobody
	}
	if !resumes {
		u.load.tally.connecting.Record(at.Sub(since))
		return
	}
	if u.places.Resuming() == 0 {
		u.load.tally.resuming.Record(at.Sub(since))
	}
	go u.catchUp() // a callback must not send
}

// catchUp sends what is left of the connection before; then the user goes on.
func (u *user) catchUp() {
	u.mu.Lock()
	conn := u.conn
	u.mu.Unlock()
	u.again()
	u.mu.Lock()
	defer u.mu.Unlock()
	if conn != nil && u.conn == conn && !u.ours {
		u.up = true
	}
}

// subscribed is the answer to a resume, one for each thread.
func (u *user) subscribed(h *device.Head, at time.Time) {
	u.mu.Lock()
	since, resumes := u.since, u.resumes
	u.mu.Unlock()
	if !resumes {
		return
	}
	if h.Has(`"recovered":true`) {
		u.load.tally.recovered.Add(1)
	} else {
		u.load.tally.reloaded.Add(1)
		u.missed(string(h.ThreadID), active(h), at)
	}
	if u.places.Resuming() == 0 {
		u.load.tally.resuming.Record(at.Sub(since))
	}
}

// gone is the end of a connection, the last that its reader tells.
func (u *user) gone(code int) {
	u.mu.Lock()
	ours, waiting := u.ours, u.waiting
	if !ours {
		u.lost++
	}
	u.conn, u.up, u.waiting = nil, false, map[string]func(*device.Head, time.Time){}
	u.mu.Unlock()
	u.load.judge.Closed(u.id, code, ours)
	u.load.connected.Add(-1)
	for _, then := range waiting {
		then(nil, time.Now())
	}
	if !ours {
		u.load.tally.fail("connection lost with code %d", code)
		u.load.back(u)
	}
}

// cut ends the connection without a word; it returns when the reader has ended. False:
// there was none, or one that is just being made.
func (u *user) cut() bool {
	conn := u.ending(true)
	if conn == nil {
		return false
	}
	conn.Drop()
	<-conn.Done()
	return true
}

// leave says goodbye.
func (u *user) leave() {
	if conn := u.ending(false); conn != nil {
		conn.Close()
	}
}

// ending is the connection, which we are about to end; nil without one. If it must be
// welcome, it is ended by one caller only.
func (u *user) ending(welcome bool) *device.Lean {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.conn == nil || welcome && !u.up {
		return nil
	}
	u.ours, u.up = true, false
	return u.conn
}
