package actors

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/asynkron/protoactor-go/actor"
	"github.com/asynkron/protoactor-go/remote"

	"recall/actors/thread"
	"recall/actors/user"
	"recall/wire"
)

// askTries is how often a message that reached nobody is sent again: the grain
// passivated just then, and the next try wakes it. More than two in a row have
// not been seen.
const askTries = 8

// askTimeout bounds the wait for an answer when ctx sets no earlier end.
const askTimeout = 15 * time.Second

// ask sends m to a grain, which is woken if need be, and waits for its answer.
func (s *System) ask(ctx context.Context, kind string, id wire.ID, m any) (any, error) {
	identity := id.String()
	for range askTries {
		pid := s.find(identity, kind)
		if pid == nil {
			break
		}
		answer, err := s.actors.Root.RequestFuture(pid, m, timeLeft(ctx)).Result()
		if err == nil {
			return answer, nil
		}
		if !errors.Is(err, actor.ErrDeadLetter) && !errors.Is(err, remote.ErrDeadLetter) {
			s.logger.Warn("grain does not answer", slog.String("kind", kind), slog.String("id", identity), slog.Any("error", err))
			break
		}
		s.cluster.PidCache.RemoveByValue(identity, kind, pid)
		if ctx.Err() != nil {
			break
		}
	}
	return nil, unreachable()
}

// find is the activation as far as it is known here, else the one that the
// cluster names (which it makes for that).
func (s *System) find(identity, kind string) *actor.PID {
	if pid, known := s.cluster.PidCache.Get(identity, kind); known {
		return pid
	}
	pid := s.cluster.Get(identity, kind)
	if pid != nil {
		s.cluster.PidCache.Set(identity, kind, pid)
	}
	return pid
}

func timeLeft(ctx context.Context) time.Duration {
	if end, ok := ctx.Deadline(); ok {
		return max(time.Until(end), time.Millisecond)
	}
	return askTimeout
}

func unreachable() *wire.Error {
	e := wire.Errorf(wire.CodeUnavailable, "this cannot be served right now")
	e.RetryAfterMS = 1000
	return e
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
	answer, err := s.ask(ctx, user.Kind, userID, &user.ShowLimits{})
	if err != nil {
		return nil, err
	}
	standing := answer.(user.Standing)
	return standing.Limits, standing.Err
}

// Threads implements session.Grains.
func (s *System) Threads(ctx context.Context, userID wire.ID, c *wire.ThreadList) (*wire.Threads, error) {
	answer, err := s.ask(ctx, user.Kind, userID, &user.List{Command: c})
	if err != nil {
		return nil, err
	}
	listing := answer.(user.Listing)
	return listing.Threads, listing.Err
}

// Admit implements thread.Users.
func (s *System) Admit(ctx context.Context, r wire.Recall) (user.Decision, error) {
	answer, err := s.ask(ctx, user.Kind, r.UserID, &user.Admit{Recall: r})
	if err != nil {
		return user.Decision{}, err
	}
	d := answer.(user.Decision)
	return d, d.Err
}

// Release implements thread.Users. Should it be lost with the process, the table
// of recalls says the same.
func (s *System) Release(userID wire.ID, r user.Release) { s.post(user.Kind, userID, &r) }

// ListChanged implements thread.Users.
func (s *System) ListChanged(userID wire.ID) { s.post(user.Kind, userID, &user.ListChanged{}) }

// post sends without an answer, in the order of the calls, to a grain that is
// awake. A grain that is not learns the same from the database when it wakes.
func (s *System) post(kind string, id wire.ID, m any) {
	if pid := s.find(id.String(), kind); pid != nil {
		s.actors.Root.Send(pid, m)
	}
}
