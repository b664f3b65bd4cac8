package actors

import (
	"context"
	"log/slog"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"recall/actors/grain"
	"recall/actors/thread"
	"recall/actors/user"
	"recall/wire"
)

// The bounds of asking. A message reaches nobody when the grain passivates just
// then; the next try wakes it. More than two tries in a row have not been seen.
const (
	askTries   = 8
	askTimeout = 15 * time.Second // of all tries, when ctx sets no earlier end
	tryTimeout = 3 * time.Second  // of one try: every message may be sent twice
)

// ask sends m to a grain, which is woken if need be, and waits for its answer.
func (s *System) ask(ctx context.Context, kind string, id wire.ID, m any) (any, error) {
	to, end := address{kind, id}, endOf(ctx)
	for range askTries {
		left := time.Until(end)
		if ctx.Err() != nil || left <= 0 {
			break
		}
		pid := s.lookup.Find(to)
		if pid == nil {
			break
		}
		answer, ok := s.replies.ask(s.actors.Root, pid, m, min(left, tryTimeout))
		if !ok {
			s.logger.Warn("grain does not answer", slog.String("kind", kind), slog.String("id", id.String()))
			continue // it is there, or it would be a dead letter
		}
		if !gone(answer) {
			return answer, nil
		}
		s.lookup.Remove(to, pid)
	}
	return nil, wire.Unavailable()
}

// gone tells that the activation has ended, by its own word or protoactor's.
func gone(answer any) bool {
	switch answer.(type) {
	case *grain.Moved, *actor.DeadLetterResponse:
		return true
	default:
		return false
	}
}

// endOf is until when to ask. It is a time and no context: each try has a timer already.
func endOf(ctx context.Context) time.Time {
	end := time.Now().Add(askTimeout)
	if earlier, ok := ctx.Deadline(); ok && earlier.Before(end) {
		return earlier
	}
	return end
}

// Thread implements session.Grains.
func (s *System) Thread(ctx context.Context, id wire.ID, r *thread.Request) error {
	_, err := s.ask(ctx, thread.Kind, id, r)
	return err
}

// Wake activates a thread, so that recalls which a crash left open are finished.
func (s *System) Wake(ctx context.Context, id wire.ID) error {
	_, err := s.ask(ctx, thread.Kind, id, &thread.Wake{})
	return err
}

// Limits implements session.Grains.
func (s *System) Limits(ctx context.Context, userID wire.ID) ([]wire.Limit, error) {
	return s.standing(ctx, userID, &user.ShowLimits{})
}

// Greet implements session.Grains.
func (s *System) Greet(ctx context.Context, userID wire.ID) ([]wire.Limit, error) {
	return s.standing(ctx, userID, &user.ShowLimits{Starting: true})
}

func (s *System) standing(ctx context.Context, userID wire.ID, m *user.ShowLimits) ([]wire.Limit, error) {
	answer, err := s.ask(ctx, user.Kind, userID, m)
	if err != nil {
		return nil, err
	}
	standing := answer.(user.Standing)
	return standing.Limits, standing.Err
}

// Threads implements session.Grains.
func (s *System) Threads(ctx context.Context, userID wire.ID, c *wire.ThreadList) (*wire.Threads, error) {
	answer, err := s.ask(ctx, user.Kind, userID, &user.List{Command: c, Trace: grain.TraceOf(ctx)})
	if err != nil {
		return nil, err
	}
	listing := answer.(user.Listing)
	return listing.Threads, listing.Err
}

// Admit implements thread.Users.
func (s *System) Admit(ctx context.Context, r wire.Recall) (user.Decision, error) {
	answer, err := s.ask(ctx, user.Kind, r.UserID, &user.Admit{Recall: r, Trace: grain.TraceOf(ctx)})
	if err != nil {
		return user.Decision{}, err
	}
	d := answer.(user.Decision)
	return d, d.Err
}

// Release implements thread.Users. Should it be lost with the process, the table
// of recalls says the same.
func (s *System) Release(userID wire.ID, r user.Release) { s.post(user.Kind, userID, &r) }

// ListChanged implements thread.Users. A user who sleeps is woken, since pages of the
// list may be kept that only the user's own grain may drop: it costs an actor, and
// nothing of the database. When the process ends, what is kept ends with it.
func (s *System) ListChanged(userID wire.ID) {
	if s.life.Err() == nil {
		s.lookup.Tell(address{user.Kind, userID}, &user.ListChanged{})
	}
}

// post sends without an answer, in the order of the calls, to a grain that is
// awake. One that is not learns the same from the database when it wakes.
func (s *System) post(kind string, id wire.ID, m any) {
	if pid := s.lookup.Peek(address{kind, id}); pid != nil {
		s.actors.Root.Send(pid, m)
	}
}
