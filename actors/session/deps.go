package session

import (
	"context"
	"log/slog"
	"time"

	"recall/actors/thread"
	"recall/wire"
)

// Conn is the connection as the session sees it. Send and Close do not wait.
type Conn interface {
	// Send queues a frame for the client.
	Send(f *wire.Frame)
	// Drained returns when the client has taken most of what is queued, or ctx ends.
	// It waits and is not for the mailbox.
	Drained(ctx context.Context) error
	// Close says goodbye and closes behind what is queued.
	Close(g *wire.Goodbye)
	// Attach gives the bytes of binary frames on a fresh channel to take, in order and
	// before any frame behind them is read. take must not keep the slice.
	Attach(take func(p []byte)) (channel uint32)
	// Detach closes a channel. Bytes that are being taken may still be.
	Detach(channel uint32)
}

// Claims are what a token says of its bearer.
type Claims struct {
	UserID    wire.ID
	ExpiresAt time.Time
}

// Grains reaches threads and users, wherever they are.
type Grains interface {
	// Thread hands a request to the thread's grain; the reply comes to the
	// session as a [thread.Delivery]. An error means that it did not get there.
	Thread(ctx context.Context, id wire.ID, r *thread.Request) error
	Limits(ctx context.Context, userID wire.ID) ([]wire.Limit, error)
	// Greet is Limits for an app that has just come up and will show the thread list.
	Greet(ctx context.Context, userID wire.ID) ([]wire.Limit, error)
	Threads(ctx context.Context, userID wire.ID, c *wire.ThreadList) (*wire.Threads, error)
}

// Store answers what belongs to no single thread, and finds the thread of a
// recall or message. Faults are [*wire.Error] values.
type Store interface {
	Stash(ctx context.Context, userID wire.ID, c wire.StashList) (*wire.Stash, error)
	ThreadOfRecall(ctx context.Context, userID, recallID wire.ID) (wire.ID, error)
	ThreadOfMessage(ctx context.Context, userID, messageID wire.ID) (wire.ID, error)
}

// Config bounds a session. Every field must be set; server/config has the defaults.
type Config struct {
	HelloTimeout time.Duration // without a token by then: goodbye 4500
	Heartbeat    time.Duration // told in welcome
	Timeout      time.Duration // of one command, up to its reply or its hand-over to a thread
}

// Deps are what every session of the process shares.
type Deps struct {
	Config Config
	Verify func(ctx context.Context, token string) (Claims, error)
	Grains Grains
	Store  Store
	Media  Media // nil: none is taken
	// Admit counts a connection as one of the user's; leave undoes it. False: too many.
	Admit    func(c Conn, userID wire.ID) (leave func(), ok bool)
	Draining func() bool // new recalls are refused
	// Overloaded is what a new recall is refused with, so that running ones do well; nil,
	// itself or its result: come in. The thread counts it when it does refuse one.
	Overloaded func() *thread.Refusal
	Logger     *slog.Logger
	Now        func() time.Time
	Go         func(func())    // starts a goroutine that shutdown waits for
	Life       context.Context // ends with the process: nobody goes on waiting then; nil: never
}

func (d *Deps) life() context.Context {
	if d.Life == nil {
		return context.Background()
	}
	return d.Life
}
