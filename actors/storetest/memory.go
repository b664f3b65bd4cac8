package storetest

import (
	"context"
	"strconv"
	"sync"

	"recall/wire"
)

// Memory is a [Store] without a database, for tests of its callers. Everything
// is behind one lock; what goes in and out is copied as deep as callers may
// change it.
type Memory struct {
	hooks

	mu       sync.Mutex
	threads  map[wire.ID]*thread
	postings map[wire.ID]*wire.Posting
	recalls  map[wire.ID]*recall
}

type thread struct {
	wire.Thread
	owner   wire.ID
	fence   int64
	deleted bool
	stash   *wire.StashItem
	log     []wire.ID // its messages in the order of seq
}

type recall struct {
	wire.Recall
	state wire.RecallState
}

// NewMemory returns an empty store.
func NewMemory() *Memory {
	return &Memory{
		threads:  make(map[wire.ID]*thread),
		postings: make(map[wire.ID]*wire.Posting),
		recalls:  make(map[wire.ID]*recall),
	}
}

// enter begins a method: the hooks first, then the lock. leave ends it.
func (m *Memory) enter(ctx context.Context, op string) error {
	if err := m.before(ctx, op); err != nil {
		return err
	}
	m.mu.Lock()
	return nil
}

func (m *Memory) leave() { m.mu.Unlock() }

// Activate implements [Store].
func (m *Memory) Activate(ctx context.Context, threadID wire.ID) (wire.Activation, error) {
	if err := m.enter(ctx, "Activate"); err != nil {
		return wire.Activation{}, err
	}
	defer m.leave()
	return m.activate(threadID, wire.ID{})
}

// Create implements [Store].
func (m *Memory) Create(ctx context.Context, owner wire.ID, t wire.Thread) (wire.Activation, error) {
	if err := m.enter(ctx, "Create"); err != nil {
		return wire.Activation{}, err
	}
	defer m.leave()
	if _, exists := m.threads[t.ID]; !exists {
		t.Seq, t.Epoch = 0, ""
		t.CreatedAt, t.LastMessageAt = wire.At(t.CreatedAt.Time), wire.At(t.LastMessageAt.Time)
		m.threads[t.ID] = &thread{Thread: t, owner: owner}
	}
	return m.activate(t.ID, owner)
}

// activate takes the thread over for owner, or for whoever has it when zero.
func (m *Memory) activate(threadID, owner wire.ID) (wire.Activation, error) {
	t := m.threads[threadID]
	if t == nil || t.deleted || !owner.IsZero() && t.owner != owner {
		return wire.Activation{}, wire.NotFound("thread")
	}
	open := m.open(threadID)
	t.fence++
	if t.Epoch == "" || len(open) > 0 {
		t.Epoch = strconv.FormatInt(t.fence, 10)
	}
	return wire.Activation{Owner: t.owner, Thread: t.Thread, Fence: t.fence, Open: open}, nil
}

func copyOf[T any](p *T) *T {
	if p == nil {
		return nil
	}
	c := *p
	return &c
}
