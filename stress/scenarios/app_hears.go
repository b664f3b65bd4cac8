package scenarios

import (
	"slices"
	"time"

	"recall/stress/device"
)

// got is each frame, in the connection's own goroutine.
func (a *app) got(h *device.Head) {
	switch {
	case h.IsEvent():
		a.event(h)
	case string(h.Type) == "subscribed":
		a.subscribed(h)
	case string(h.Type) == "welcome":
		a.seen.connected.Add(1)
		a.mu.Lock()
		close(a.up)
		a.mu.Unlock()
	case string(h.Type) == "goodbye":
		a.seen.goodbyes.Add(1)
	}
	if len(h.ID) == 0 {
		return
	}
	a.mu.Lock()
	reply, known := a.waiting[string(h.ID)]
	delete(a.waiting, string(h.ID))
	a.mu.Unlock()
	if known {
		reply <- frame(h)
	}
}

// frame copies what would not last.
func frame(h *device.Head) device.Frame {
	return device.Frame{
		Type: string(h.Type), ID: string(h.ID), ThreadID: string(h.ThreadID), RecallID: string(h.RecallID),
		Epoch: string(h.Epoch), Seq: h.Seq, FirstSeq: h.FirstSeq, Code: string(h.Code), Policy: string(h.Policy),
		RetryAfterMS: h.RetryAfterMS, At: time.Now(), Raw: slices.Clone(h.Raw),
	}
}

func (a *app) event(h *device.Head) {
	a.judge.Saw(a.user, string(h.ThreadID))
	a.mu.Lock()
	story := a.story
	a.mu.Unlock()
	story.add(h)
	if !h.IsTerminal() {
		return
	}
	f := frame(h)
	a.judge.Ended(a.name, f.RecallID, f.Type, f.At)
	a.mu.Lock()
	defer a.mu.Unlock()
	if r := a.recall(f.RecallID); r.end.Type == "" {
		r.end = f
		close(r.ended)
		a.seen.ended.Add(1)
	}
}

// recall is with the lock held; its end may come before its acceptance.
func (a *app) recall(id string) *recall {
	r, known := a.recalls[id]
	if !known {
		r = &recall{ended: make(chan struct{})}
		a.recalls[id] = r
	}
	return r
}

// subscribed is either the answer to a first subscription, which has nothing to recover, or
// one to hello.resume.
func (a *app) subscribed(h *device.Head) {
	a.mu.Lock()
	_, first := a.waiting[string(h.ID)]
	a.mu.Unlock()
	switch {
	case h.Has(`"recovered":true`):
		a.seen.recovered.Add(1)
	case !first:
		a.seen.gaps.Add(1)
		a.judge.Gap(string(h.ThreadID), time.Now())
	}
}

// ended is the end of a connection: nobody will answer what was asked there.
func (a *app) ended(code int) {
	a.mu.Lock()
	ours := a.leaving || a.gate != nil
	a.lean = nil
	if isClosed(a.up) {
		a.up = make(chan struct{})
	}
	for id, reply := range a.waiting {
		delete(a.waiting, id)
		close(reply)
	}
	a.mu.Unlock()
	a.judge.Closed(a.name, code, ours)
	a.seen.close(code)
}

func isClosed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
