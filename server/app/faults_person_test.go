package app

import (
	"context"
	"encoding/json"
	"strings"
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

// wantWhole checks what holds for whatever a person saw: the events are dense, and each
// recall has exactly one terminal event, which is its last and was stored before.
func (p *person) wantWhole(recalls ...wire.ID) {
	p.Helper()
	p.mu.Lock()
	frames := p.frames
	p.mu.Unlock()
	last := int64(0)
	for _, f := range frames {
		if f.TS == "" {
			continue
		}
		if last != 0 && f.Seq != last+1 {
			p.Errorf("event %d follows event %d", f.Seq, last)
		}
		last = f.Seq
	}
	for _, id := range recalls {
		p.wantOneEnd(p.events(id))
	}
}

func (p *person) wantOneEnd(events []told) {
	p.Helper()
	ends := 0
	for _, f := range events {
		if f.isTerminal() {
			ends++
		}
	}
	if ends != 1 || !events[len(events)-1].isTerminal() {
		p.Errorf("%d terminal events: %s", ends, kinds(events))
		return
	}
	if !events[len(events)-1].stored {
		p.Error("the terminal event was sent before it was stored")
	}
}

func kinds(frames []told) string {
	var all []string
	for _, f := range frames {
		all = append(all, f.Type)
	}
	return strings.Join(all, " ")
}

// The ways to ask. On a rig whose people are all different, no two requests are equal.
func typed(text string) func(*person) wire.Input {
	return func(p *person) wire.Input {
		return wire.Input{Kind: wire.InputText, Text: text + strings.Repeat("!", p.different())}
	}
}

// different is the person's number where no two are to ask the same, else 0.
func (p *person) different() int {
	if p.unequal {
		return int(p.born.Add(1))
	}
	return 0
}

func spoken(clip string) func(*person) wire.Input {
	return func(p *person) wire.Input {
		return wire.Input{Kind: wire.InputVoice, MediaID: p.media.put(clip, p.different())}
	}
}

// transcribed is a voice note that the app has written down itself.
func transcribed(text string) func(*person) wire.Input {
	return func(p *person) wire.Input {
		in := spoken("speech:x")(p)
		in.Text = text
		return in
	}
}

func shown(picture string) func(*person) wire.Input {
	return func(p *person) wire.Input {
		return wire.Input{Kind: wire.InputImage, MediaID: p.media.put(picture, p.different())}
	}
}
