// Package storetest says what the actors expect of a store, in three ways: the
// interface [Store], the fake [Memory] for tests of what stands above it, and
// the suite [Run] that the fake and the real one both have to pass.
package storetest

import (
	"context"
	"time"

	"recall/wire"
)

// Store is all that the actors ask of the database. Its callers each name the
// part that they need; this is the sum of them.
type Store interface {
	// Activate takes a thread over: its fence rises. Its epoch is kept, unless it
	// has none or has open recalls.
	Activate(ctx context.Context, threadID wire.ID) (wire.Activation, error)
	// Create makes and activates a thread; the one that the owner already has wins.
	Create(ctx context.Context, owner wire.ID, t wire.Thread) (wire.Activation, error)
	// Commit writes a step whole or not at all: wire.ErrStale, wire.ErrDuplicate.
	// The same step may be sent again.
	Commit(ctx context.Context, c *wire.Commit) error

	Page(ctx context.Context, q wire.PageQuery) (wire.Page, error)
	Posting(ctx context.Context, threadID, messageID wire.ID) (*wire.Posting, error)
	Threads(ctx context.Context, owner wire.ID, q wire.ThreadList) (*wire.Threads, error)
	Stash(ctx context.Context, owner wire.ID, q wire.StashList) (*wire.Stash, error)

	// Admissions are the user's recalls since then, oldest first.
	Admissions(ctx context.Context, userID wire.ID, since time.Time) ([]wire.Admission, error)
	// RecallByRequest also returns the user's message.
	RecallByRequest(ctx context.Context, userID, requestID wire.ID) (wire.Recall, *wire.Posting, error)
	ThreadOfRecall(ctx context.Context, userID, recallID wire.ID) (wire.ID, error)
	ThreadOfMessage(ctx context.Context, userID, messageID wire.ID) (wire.ID, error)
	// ThreadsWithOpenRecalls leaves deleted threads out: they do not wake again.
	ThreadsWithOpenRecalls(ctx context.Context) ([]wire.ID, error)
}
