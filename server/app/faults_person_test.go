package app

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"recall/actors/thread"
	"recall/wire"
)

// told is a frame as the person's app reads it.
type told struct {
	Type       string           `json:"type"`
	ID         string           `json:"id"`
	Seq        int64            `json:"seq"`
	TS         string           `json:"ts"` // events only
	RecallID   wire.ID          `json:"recall_id"`
	Code       wire.Code        `json:"code"`
	Status     wire.Status      `json:"status"`
	Degraded   []wire.Degraded  `json:"degraded"`
	Candidates []wire.Candidate `json:"candidates"`
	Candidate  wire.Candidate   `json:"candidate"`
	Answer     *wire.Answer     `json:"answer"`
	FollowUp   string           `json:"follow_up"`
	Final      bool             `json:"final"`

	at     time.Time
	stored bool // of a terminal event: the store knew of it when it came
}

func (f told) isTerminal() bool {
	switch f.Type {
	case "recall.completed", "recall.failed", "recall.cancelled", "recall.expired":
		return f.TS != ""
	}
	return false
}

// person is somebody with a thread of their own, subscribed to it.
type person struct {
	*rig
	id, thread wire.ID
	grain, pid *actor.PID

	mu      sync.Mutex
	frames  []told
	changed chan struct{} // closed and replaced with each frame
}

func (r *rig) person() *person {
	r.Helper()
	p := &person{rig: r, id: wire.NewID(), thread: wire.NewID(), changed: make(chan struct{})}
	if _, err := r.mem.Create(r.ctx, p.id, wire.Thread{ID: p.thread}); err != nil {
		r.Fatal(err)
	}
	p.grain = r.system.Root.Spawn(actor.PropsFromProducer(func() actor.Actor { return r.newGrain(p.thread) }))
	p.pid = r.system.Root.Spawn(actor.PropsFromFunc(func(c actor.Context) {
		if d, ok := c.Message().(*thread.Delivery); ok {
			p.take(d.Frame.Bytes)
		}
	}))
	r.Cleanup(func() { _ = r.system.Root.StopFuture(p.grain).Wait() })
	p.send("subscribe", &wire.ThreadSubscribe{ThreadID: p.thread})
	p.reply("subscribe")
	return p
}

// take reads a frame. For a terminal event it looks at once whether the store has it:
// what is sent first and stored later would be lost in a crash.
func (p *person) take(frame []byte) {
	f := told{at: time.Now()}
	_ = json.Unmarshal(frame, &f) // an error's message is a text, a message's an object: neither is read here
	if f.isTerminal() {
		f.stored = p.ended(f.RecallID)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.frames = append(p.frames, f)
	close(p.changed)
	p.changed = make(chan struct{})
}

// ended asks the store.
func (p *person) ended(recallID wire.ID) bool {
	rows, _ := p.mem.Admissions(context.Background(), p.id, time.Time{})
	for _, a := range rows {
		if a.RecallID == recallID {
			return a.Ended
		}
	}
	return false
}

func (p *person) send(id string, c wire.Command) {
	p.system.Root.Send(p.grain, &thread.Request{
		From: thread.Peer{Address: p.pid.Address, ID: p.pid.Id}, ID: id, User: p.id, Command: c,
	})
}

// until waits for the first frame that fits.
func (p *person) until(what string, fits func(told) bool) told {
	p.Helper()
	for {
		p.mu.Lock()
		frames, changed := p.frames, p.changed
		p.mu.Unlock()
		for _, f := range frames {
			if fits(f) {
				return f
			}
		}
		select {
		case <-changed:
		case <-p.ctx.Done():
			p.Fatalf("waited in vain for %s; there were %s", what, kinds(frames))
		}
	}
}

func (p *person) reply(id string) told {
	p.Helper()
	return p.until("the reply to "+id, func(f told) bool { return f.ID == id })
}

// asks starts a recall.
func (p *person) asks(in wire.Input) (recallID wire.ID) {
	p.Helper()
	request := wire.NewID()
	p.send(request.String(), &wire.StartRecall{ThreadID: p.thread, RequestID: request, Input: in})
	f := p.reply(request.String())
	if f.Type != "recall.accepted" {
		p.Fatalf("not accepted: %+v", f)
	}
	return f.RecallID
}

// end waits for the terminal event of a recall.
func (p *person) end(recallID wire.ID) told {
	p.Helper()
	return p.until("the end of the recall", func(f told) bool { return f.RecallID == recallID && f.isTerminal() })
}

func (p *person) cancels(recallID wire.ID) {
	p.send("cancel "+recallID.String(), &wire.CancelRecall{RecallID: recallID})
}

// events are those of a recall so far.
func (p *person) events(recallID wire.ID) (all []told) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range p.frames {
		if f.TS != "" && f.RecallID == recallID {
			all = append(all, f)
		}
	}
	return all
}
