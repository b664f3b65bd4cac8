package session

import (
	"context"
	"encoding/json"
	"maps"
	"testing/synctest"

	"github.com/asynkron/protoactor-go/actor"

	"recall/actors/thread"
	"recall/wire"
)

// Send implements Conn.
func (w *world) Send(f *wire.Frame) {
	var m map[string]any
	if err := json.Unmarshal(f.Bytes, &m); err != nil {
		w.t.Error(err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.frames = append(w.frames, m)
}

// Close implements Conn.
func (w *world) Close(g *wire.Goodbye) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = append(w.closed, g)
}

// Attach implements Conn.
func (w *world) Attach(take func([]byte)) uint32 {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.shelf.content == nil {
		w.shelf.content = map[uint32]func([]byte){}
	}
	w.channel++
	w.shelf.content[w.channel] = take
	return w.channel
}

// Detach implements Conn.
func (w *world) Detach(channel uint32) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.shelf.content, channel)
}

// Thread implements Grains.
func (w *world) Thread(ctx context.Context, id wire.ID, r *thread.Request) error {
	w.mu.Lock()
	w.asked = append(w.asked, r)
	w.lookedUp = append(w.lookedUp, id)
	w.mu.Unlock()
	return w.toThread(ctx, r)
}

// Limits implements Grains.
func (w *world) Limits(ctx context.Context, _ wire.ID) ([]wire.Limit, error) { return w.limits(ctx) }

// Greet implements Grains.
func (w *world) Greet(ctx context.Context, _ wire.ID) ([]wire.Limit, error) {
	w.greeted++
	return w.limits(ctx)
}

// Threads implements Grains.
func (w *world) Threads(_ context.Context, u wire.ID, _ *wire.ThreadList) (*wire.Threads, error) {
	return &wire.Threads{Threads: []wire.Thread{{ID: u}}}, nil
}

// Stash implements Store.
func (w *world) Stash(context.Context, wire.ID, wire.StashList) (*wire.Stash, error) {
	return nil, wire.Errorf(wire.CodeUnavailable, "no database")
}

// ThreadOfRecall implements Store.
func (w *world) ThreadOfRecall(_ context.Context, _, recallID wire.ID) (wire.ID, error) {
	if recallID == room {
		return wire.ID{}, wire.NotFound("recall")
	}
	return room, nil
}

// ThreadOfMessage implements Store.
func (w *world) ThreadOfMessage(context.Context, wire.ID, wire.ID) (wire.ID, error) { return room, nil }

// answer makes a thread answer every request with m.
func (w *world) answer(m wire.Message, limits bool) {
	w.toThread = func(_ context.Context, r *thread.Request) error {
		w.root.Send(actor.NewPID(r.From.Address, r.From.ID), &thread.Delivery{Frame: wire.Reply(r.ID, m), Token: r.Token, Limits: limits, RecallID: w.accepts})
		return nil
	}
}

func (w *world) places() map[string]int {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	return maps.Clone(w.placed)
}

// The mailbox is watched for nil messages, which protoactor never takes out again.

func (w *world) MailboxStarted()     {}
func (w *world) MessageReceived(any) {}
func (w *world) MailboxEmpty()       {}
func (w *world) MessagePosted(msg any) {
	if msg == nil {
		panic("a nil message: the mailbox would never rest")
	}
}
