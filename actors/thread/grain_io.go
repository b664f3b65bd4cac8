package thread

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/cenkalti/backoff/v4"
	"go.opentelemetry.io/otel/trace"

	"recall/actors/grain"
	"recall/actors/recall"
	"recall/wire"
)

// The times of a thread's I/O.
const (
	firstRetry = 50 * time.Millisecond
	lastRetry  = 5 * time.Second
)

// wait carries out an effect that waits for somebody, in a goroutine of its own.
// There is one for each effect under way; the state bounds those: one commit, one
// load a page, one recall.
func (g *Grain) wait(e Effect) {
	switch e := e.(type) {
	case Commit:
		g.deps.Go(func() { g.commit(e) })
	case Resolve:
		g.resolve(e)
	default:
		g.deps.Go(func() { g.tell(g.ask(grain.WithTrace(g.ctx, traceOf(e)), e)) })
	}
}

// ask does one call and makes its input.
func (g *Grain) ask(ctx context.Context, e Effect) any {
	store := g.deps.Store
	switch e := e.(type) {
	case Activate:
		a, err := store.Activate(ctx, g.id)
		return Activated{Activation: a, Err: g.logged("activate", err)}
	case Create:
		a, err := store.Create(ctx, e.Owner, e.Thread)
		return Activated{Activation: a, Err: g.logged("create", err)}
	case Load:
		if e.Prefetch && !g.spare() {
			return Loaded{Key: e.Key, Err: errNoTime}
		}
		p, err := store.Page(ctx, e.Query)
		return Loaded{Key: e.Key, Page: p, Err: g.logged("load", err)}
	case FindPosting:
		p, err := store.Posting(ctx, g.id, e.MessageID)
		return FoundPosting{Request: e.Request, Posting: p, Err: g.logged("posting", err)}
	case UseMedia:
		err := g.useMedia(ctx, e.Recall)
		return MediaUsed{Request: e.Recall.RequestID, RecallID: e.Recall.ID, Err: g.logged("media", err)}
	case Admit:
		d, err := g.deps.Users.Admit(ctx, e.Recall)
		return Admitted{Request: e.Recall.RequestID, RecallID: e.Recall.ID, Decision: d, Err: g.logged("admit", err)}
	case LookUp:
		r, p, err := store.RecallByRequest(ctx, e.UserID, e.RequestID)
		return Looked{Request: e.RequestID, Recall: r, Message: p, Err: g.logged("look up", err)}
	default:
		panic(fmt.Sprintf("thread: no such effect: %T", e))
	}
}

// errNoTime is the outcome of prefetching while the store has other work.
var errNoTime = errors.New("thread: the store has no time for prefetching")

func (g *Grain) spare() bool { return g.deps.Spare != nil && g.deps.Spare() }

// traceOf is what an effect that waits is a part of.
func traceOf(e Effect) trace.Span {
	switch e := e.(type) {
	case Activate:
		return e.Trace
	case Create:
		return e.Trace
	case Load:
		return e.Trace
	case FindPosting:
		return e.Request.Trace
	case UseMedia:
		return e.Trace
	case Admit:
		return e.Trace
	case LookUp:
		return e.Trace
	default:
		return nil
	}
}

// told are the codes whose reason is the client's own doing and is told in full.
func told(c wire.Code) bool {
	return c == wire.CodeNotFound || c == wire.CodeBadRequest || c == wire.CodeUnsupportedMedia
}

func (g *Grain) useMedia(ctx context.Context, r wire.Recall) error {
	if g.deps.Media == nil {
		return wire.Errorf(wire.CodeUnsupportedMedia, "input.kind: this server takes text only")
	}
	return g.deps.Media.Use(ctx, r.UserID, r.Input.MediaID, r.Input.Kind)
}

// logged writes down the faults that a client is not told the reason of.
func (g *Grain) logged(doing string, err error) error {
	if err != nil && !told(wire.AsError(err).Code) && g.ctx.Err() == nil {
		g.deps.Logger.Warn("thread: "+doing, slog.String("thread", g.id.String()), slog.Any("error", err))
	}
	return err
}

// commit writes one durable step. A write of unknown outcome is repeated until
// the outcome is known (repeating is harmless, see [wire.Commit]), one that must
// be kept until it is.
func (g *Grain) commit(e Commit) {
	var pause backoff.BackOff
	doubt := false // an earlier try may have been kept
	for tries := 1; ; tries++ {
		err := g.tryCommit(e)
		doubt = doubt || errors.Is(err, wire.ErrUnsure)
		if outcome, final := settled(err, e.Must, doubt); final {
			g.committed(tries, outcome)
			return
		}
		if tries == 1 { // one line for each outage and thread is enough
			_ = g.logged("commit, to be tried again", err)
			g.tell(Stalled{})
			pause = backoff.NewExponentialBackOff(
				backoff.WithInitialInterval(firstRetry), backoff.WithMaxInterval(lastRetry), backoff.WithMaxElapsedTime(0))
		}
		select {
		case <-time.After(pause.NextBackOff()):
		case <-g.ctx.Done():
			return
		}
	}
}

func (g *Grain) tryCommit(e Commit) error {
	return g.deps.Store.Commit(grain.WithTrace(g.ctx, e.Trace), e.Commit)
}

// committed tells the outcome, and the log when there is something to say.
func (g *Grain) committed(tries int, err error) {
	switch {
	case err == nil && tries > 1:
		g.deps.Logger.Info("thread: the commit went through", slog.String("thread", g.id.String()), slog.Int("tries", tries))
	case err != nil && !errors.Is(err, wire.ErrDuplicate):
		_ = g.logged("commit", err)
	}
	g.tell(Committed{Err: err})
}

// settled is the outcome of a commit after a try that ended with err; final is
// false when it is to be tried once more. In doubt only the store's own word
// counts: a fault that says nothing of the earlier tries leaves it unsure.
func settled(err error, must, doubt bool) (outcome error, final bool) {
	if err == nil {
		return nil, true
	}
	switch code := wire.AsError(err).Code; {
	case errors.Is(err, wire.ErrStale), errors.Is(err, wire.ErrDuplicate):
		return err, true
	case errors.Is(err, wire.ErrUnsure), code == wire.CodeUnavailable && (must || doubt):
		return nil, false
	case doubt && code == wire.CodeInternal:
		return wire.ErrUnsure, true
	default:
		return err, true
	}
}

// resolve starts the work of a recall.
func (g *Grain) resolve(e Resolve) {
	ctx, cancel := context.WithDeadline(grain.WithTrace(g.ctx, e.Trace), e.Deadline)
	id := e.Recall.ID
	g.runs[id] = cancel
	g.deps.Go(func() {
		defer cancel()
		job := recall.Job{RecallID: id, Owner: e.Recall.UserID, Input: e.Recall.Input, History: e.History}
		outcome := g.work(ctx, job, func(ev wire.Event) {
			g.tell(Progress{RecallID: id, Event: ev})
		})
		g.tell(Resolved{RecallID: id, Outcome: outcome})
	})
}

// work turns a crash of the resolver into an outcome of that one recall.
func (g *Grain) work(ctx context.Context, job recall.Job, emit func(wire.Event)) (out recall.Outcome) {
	defer func() {
		if fault := recover(); fault != nil {
			g.deps.Logger.Error("recall crashed", slog.Any("panic", fault), slog.String("stack", string(debug.Stack())))
			out = recall.Failed(wire.Errorf(wire.CodeInternal, "something went wrong on our side"), nil)
		}
	}()
	return g.deps.Resolver.Resolve(ctx, job, emit)
}
