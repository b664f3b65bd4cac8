package scenarios

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"recall/stress/device"
)

// errGone says that the connection ended before the reply came.
var errGone = errors.New("the connection has ended")

// online waits until the app is signed in.
func (a *app) online(ctx context.Context) error {
	for {
		a.mu.Lock()
		up := a.up
		a.mu.Unlock()
		select {
		case <-up:
			return nil
		case <-ctx.Done():
			return fmt.Errorf("%s is not connected: %w", a.name, context.Cause(ctx))
		}
	}
}

// do sends a command and waits for its direct reply, an error frame among them.
func (a *app) do(ctx context.Context, kind string, fields device.Fields) (device.Frame, error) {
	rest, err := json.Marshal(fields)
	if err != nil {
		return device.Frame{}, err
	}
	reply := make(chan device.Frame, 1)
	a.mu.Lock()
	lean := a.lean
	if lean == nil {
		a.mu.Unlock()
		return device.Frame{}, errGone
	}
	id := lean.ID()
	a.waiting[id] = reply
	a.mu.Unlock()
	if err := lean.Fire(id, kind, string(rest[1:len(rest)-1])); err != nil {
		a.forget(id)
		return device.Frame{}, errGone
	}
	select {
	case f, ok := <-reply:
		if !ok {
			return f, errGone
		}
		return f, nil
	case <-ctx.Done():
		a.forget(id)
		return device.Frame{}, fmt.Errorf("no reply to %s: %w", kind, context.Cause(ctx))
	}
}

func (a *app) forget(id string) {
	a.mu.Lock()
	delete(a.waiting, id)
	a.mu.Unlock()
}

// insist does something until it is done, however often the connection breaks or the
// server asks to come again later.
func (a *app) insist(ctx context.Context, kind string, fields device.Fields) (device.Frame, error) {
	for {
		if err := a.online(ctx); err != nil {
			return device.Frame{}, err
		}
		f, err := a.do(ctx, kind, fields)
		again, wait := later(f)
		switch {
		case errors.Is(err, errGone):
			wait = 20 * time.Millisecond // until that is noticed
		case err != nil || !again:
			return f, err
		}
		if err := pause(ctx, wait); err != nil {
			return f, err
		}
	}
}

// later tells whether an answer asks to come again, and when.
func later(f device.Frame) (again bool, wait time.Duration) {
	if f.Type != "error" {
		return false, 0
	}
	var e struct{ Retryable bool }
	_ = f.Into(&e) // then it is not
	return e.Retryable, max(20*time.Millisecond, time.Duration(f.RetryAfterMS)*time.Millisecond)
}

// newThread makes a thread and learns where its numbering stands: whoever knows of no
// event yet could not resume, and would miss what comes while the connection is away.
func (a *app) newThread(ctx context.Context) (string, error) {
	id := device.NewUUID()
	f, err := a.insist(ctx, "thread.create", device.Fields{"thread_id": id})
	if err == nil && f.Type != "thread" {
		err = fmt.Errorf("thread.create: %s", f.Raw)
	}
	if err != nil {
		return id, err
	}
	a.judge.ThreadMade(a.user, id)
	return id, a.subscribe(ctx, id)
}

func (a *app) subscribe(ctx context.Context, thread string) error {
	f, err := a.insist(ctx, "thread.subscribe", device.Fields{"thread_id": thread})
	if err == nil && f.Type != "subscribed" {
		err = fmt.Errorf("thread.subscribe: %s", f.Raw)
	}
	return err
}

// follow subscribes to a thread and keeps its story.
func (a *app) follow(ctx context.Context, thread string) error {
	a.mu.Lock()
	a.story = newStory(thread)
	a.mu.Unlock()
	return a.subscribe(ctx, thread)
}
