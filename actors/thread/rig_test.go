package thread

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"recall/actors/recall"
	"recall/actors/storetest"
	"recall/wire"
)

// tb is what a rig needs of a test, so that property tests can use it as well.
type tb interface {
	Helper()
	Fatalf(format string, args ...any)
}

// rig is the world around one [State]: it feeds inputs in and carries effects out
// as a [Grain] does, at once or, when told to hold them, later.
type rig struct {
	tb
	cfg   Config
	mem   *storetest.Memory
	shelf pagesOf
	bare  bool // the message cache is switched off
	users *gate
	id    wire.ID
	owner wire.ID
	now   time.Time
	ids   uint64
	meter counter
	media uploads

	state   *State
	inputs  []any
	holding func(Effect) bool // what waits in held instead of being done
	held    []Effect
	doubt   bool      // the commit that is held may have been kept
	script  io.Writer // gets every input and effect in words

	kept  *wire.Threads // the owner's list as the user's grain keeps it; nil: it is dropped
	acked func(frame)   // hears of each answer, before what comes behind it; nil: nobody

	subscribed map[Peer]bool
	frames     map[Peer][]frame
	running    map[wire.ID]Resolve
	timers     []Timer
	listed     int // times that the list was called out of date
	sweeps     int // clocks for bursts that are under way
	disowned   int
	stopped    bool
}

// newRig is a ready, empty thread of rig.owner. Peers come with their first command.
func newRig(t tb, cfg Config) *rig {
	r := &rig{
		tb: t, cfg: cfg, mem: storetest.NewMemory(), shelf: pagesOf{}, users: newGate(), meter: newCounter(),
		now: time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC),
	}
	r.id, r.owner = r.newID(), r.newID()
	r.cfg.NewID, r.cfg.Meter = r.newID, r.meter
	if _, err := r.mem.Create(context.Background(), r.owner, wire.Thread{ID: r.id, CreatedAt: wire.At(r.now), LastMessageAt: wire.At(r.now)}); err != nil {
		t.Fatalf("create: %v", err)
	}
	r.wake()
	return r
}

// newID counts, so that ids are the same in every run.
func (r *rig) newID() (id wire.ID) {
	r.ids++
	binary.BigEndian.PutUint64(id[8:], r.ids)
	return id
}

// wake activates the thread anew on the same store. It stands for passivation
// and, in mid-work, for a crash: whatever was under way is forgotten.
func (r *rig) wake() {
	r.state = New(r.id, r.cfg, r.shelf)
	if r.bare {
		r.state.shelf = NoShelf{}
	}
	r.inputs, r.held, r.timers, r.stopped, r.doubt, r.sweeps = nil, nil, nil, false, false, 0
	r.subscribed, r.running = map[Peer]bool{}, map[wire.ID]Resolve{}
	r.frames = map[Peer][]frame{}
	r.carryAll(r.state.Step(r.now, Wake{}))
	r.settle()
}

// feed takes one step and all that follow from it.
func (r *rig) feed(in any) {
	r.inputs = append(r.inputs, in)
	r.settle()
}

func (r *rig) settle() {
	for len(r.inputs) > 0 {
		in := r.inputs[0]
		r.inputs = r.inputs[1:]
		if r.script != nil {
			fmt.Fprintln(r.script, inputLine(in))
		}
		r.carryAll(r.state.Step(r.now, in))
	}
}

func (r *rig) carryAll(effects []Effect) {
	for _, e := range effects {
		if r.script != nil {
			fmt.Fprintln(r.script, effectLine(e))
		}
		if r.holding != nil && r.holding(e) {
			r.held = append(r.held, e)
			continue
		}
		r.carry(e)
	}
}

// hold makes effects of the same type as kinds wait for [rig.release].
func (r *rig) hold(kinds ...string) {
	r.holding = func(e Effect) bool { return slices.Contains(kinds, kindOf(e)) }
}

func kindOf(e Effect) string {
	switch e.(type) {
	case Commit:
		return "commit"
	case Load:
		return "load"
	case UseMedia:
		return "media"
	case Admit:
		return "admit"
	case LookUp:
		return "lookup"
	case FindPosting:
		return "posting"
	case Activate, Create:
		return "activate"
	default:
		return ""
	}
}

// release does what was held, and holds no more.
func (r *rig) release() {
	r.holding = nil
	for len(r.held) > 0 {
		r.releaseAt(0)
	}
}

// releaseAt does one held effect.
func (r *rig) releaseAt(i int) {
	e := r.held[i]
	r.held = slices.Delete(r.held, i, i+1)
	r.carry(e)
	r.settle()
}

func (r *rig) carry(e Effect) {
	ctx := context.Background()
	switch e := e.(type) {
	case Activate:
		a, err := r.mem.Activate(ctx, r.id)
		r.input(Activated{Activation: a, Err: err})
	case Create:
		a, err := r.mem.Create(ctx, e.Owner, e.Thread)
		r.input(Activated{Activation: a, Err: err})
	case Commit:
		r.commit(e)
	case Load:
		p, err := r.mem.Page(ctx, e.Query)
		r.input(Loaded{Key: e.Key, Page: p, Err: err})
	case FindPosting:
		p, err := r.mem.Posting(ctx, r.id, e.MessageID)
		r.input(FoundPosting{Request: e.Request, Posting: p, Err: err})
	case UseMedia:
		in := e.Recall.Input
		err := r.media.Use(ctx, e.Recall.UserID, in.MediaID, in.Kind)
		r.input(MediaUsed{Request: e.Recall.RequestID, RecallID: e.Recall.ID, Err: err})
	case Admit:
		r.input(Admitted{Request: e.Recall.RequestID, RecallID: e.Recall.ID, Decision: r.users.admit(r.now, e.Recall)})
	case LookUp:
		rec, p, err := r.mem.RecallByRequest(ctx, e.UserID, e.RequestID)
		r.input(Looked{Request: e.RequestID, Recall: rec, Message: p, Err: err})
	default:
		r.note(e)
	}
}

func (r *rig) input(in any) { r.inputs = append(r.inputs, in) }

// commit does as the grain: in doubt it says so and tries again when released.
func (r *rig) commit(e Commit) {
	err := r.mem.Commit(context.Background(), e.Commit)
	r.doubt = r.doubt || errors.Is(err, wire.ErrUnsure)
	outcome, final := settled(err, e.Must, r.doubt)
	if !final {
		r.held = append(r.held, e)
		r.input(Stalled{})
		return
	}
	r.doubt = false
	r.input(Committed{Err: outcome})
}

// note keeps the effects that nothing comes back from at once.
func (r *rig) note(e Effect) {
	switch e := e.(type) {
	case Deliver:
		r.got(e.To, e.Frame, e.Limits)
	case Broadcast:
		for p := range r.subscribed {
			r.got(p, e.Frame, false)
		}
	case Watch:
		r.subscribed[e.Peer] = true
	case Unwatch:
		delete(r.subscribed, e.Peer)
	case Resolve:
		r.running[e.Recall.ID] = e
	case Abandon:
		delete(r.running, e.RecallID)
	case Release:
		delete(r.running, e.RecallID)
		r.users.release(e)
	case Timer:
		r.timers = append(r.timers, e)
	case SweepBursts:
		r.sweeps++
	case ListChanged:
		r.listed++
		r.kept = nil
	case Disown:
		r.disowned++
	case Stop:
		r.stopped = true
	}
}

func (r *rig) got(p Peer, f *wire.Frame, limits bool) {
	var d frame
	if err := json.Unmarshal(f.Bytes, &d); err != nil {
		r.Fatalf("frame %s: %v", f.Bytes, err)
	}
	d.Limits = limits
	r.frames[p] = append(r.frames[p], d)
	if r.acked != nil && !d.isEvent() {
		r.acked(d)
	}
}

// due lets the budgets run out that end until now.
func (r *rig) due() {
	for _, t := range r.timers {
		if !t.At.After(r.now) {
			r.feed(Due{RecallID: t.RecallID})
		}
	}
}

func (r *rig) progress(recallID wire.ID, e wire.Event) {
	r.feed(Progress{RecallID: recallID, Event: e})
}

func (r *rig) resolve(recallID wire.ID, terminal wire.Event) {
	delete(r.running, recallID)
	r.feed(Resolved{RecallID: recallID, Outcome: recall.Outcome{Terminal: terminal}})
}
