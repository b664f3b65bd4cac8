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

// ask sends a recall, again and again with one request_id until it is accepted.
func (a *app) ask(ctx context.Context, thread string, input device.Fields) (recallID string, err error) {
	fields := asking(thread, input)
	for {
		if err := a.online(ctx); err != nil {
			return "", err
		}
		f, err := a.askOnce(ctx, fields)
		again, wait := later(f)
		switch {
		case f.Type == "recall.accepted":
			return f.RecallID, nil
		case errors.Is(err, errGone):
			wait = 20 * time.Millisecond
		case err != nil:
			return "", err
		case !again:
			return "", fmt.Errorf("recall: %s", f.Raw)
		}
		if err := pause(ctx, wait); err != nil {
			return "", err
		}
	}
}

// text is the input of a written question.
func text(words string) device.Fields { return device.Fields{"kind": "text", "text": words} }

func asking(thread string, input device.Fields) device.Fields {
	return device.Fields{"thread_id": thread, "request_id": device.NewUUID(), "input": input}
}

// askOnce sends a recall once and tells the judge what came of it.
func (a *app) askOnce(ctx context.Context, fields device.Fields) (device.Frame, error) {
	request, _ := fields["request_id"].(string)
	a.judge.Asked(a.user, request, time.Now())
	f, err := a.do(ctx, "recall", fields)
	switch {
	case err != nil:
		a.judge.Lost(a.user, request)
	case f.Type == "recall.accepted":
		return f, a.accepted(request, f)
	default:
		code, _ := f.Code.(string)
		a.judge.Refused(a.user, request, code, f.Policy, f.At)
		a.seen.refusal(code)
	}
	return f, err
}

func (a *app) accepted(request string, f device.Frame) error {
	var reply struct{ Message struct{ ID string } }
	if err := f.Into(&reply); err != nil {
		return err
	}
	a.judge.Accepted(a.user, request, f.RecallID, f.ThreadID, reply.Message.ID, f.At)
	a.seen.accepted.Add(1)
	a.mu.Lock()
	a.recall(f.RecallID).thread = f.ThreadID
	a.mu.Unlock()
	return nil
}

// ending waits for the end of a recall. One that ended while nobody could hear of it,
// behind a numbering that was given up, is told by the database alone: ok is false.
func (a *app) ending(ctx context.Context, recallID string) (f device.Frame, ok bool, err error) {
	a.mu.Lock()
	r := a.recall(recallID)
	a.mu.Unlock()
	look := time.NewTicker(3 * time.Second)
	defer look.Stop()
	for stored := false; ; {
		select {
		case <-r.ended:
			return r.end, true, nil
		case <-ctx.Done():
			return f, false, fmt.Errorf("recall %s has not ended: %w", recallID, context.Cause(ctx))
		case <-look.C:
			if stored {
				return f, false, nil
			}
			stored = a.endIsStored(ctx, recallID)
		}
	}
}
