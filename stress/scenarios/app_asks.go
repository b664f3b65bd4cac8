package scenarios

import (
	"context"
	"errors"
	"fmt"
	"time"

	"recall/stress/device"
)

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
