package session

import (
	"context"

	"github.com/asynkron/protoactor-go/actor"

	"recall/wire"
)

// hello signs in, or, once signed in, asks for the welcome again (with a token
// of the same user, or without one).
func (s *Session) hello(c actor.Context, r *Received, h *wire.Hello) {
	switch {
	case h.Token != "":
		s.judge(c, r, h.Token, func(c actor.Context) { s.enter(c, r) })
	case s.claims.UserID.IsZero():
		s.answer(r, wire.Errorf(wire.CodeUnauthorized, "token: is required"))
		s.conn.Close(wire.NewGoodbye(wire.CloseUnauthorized, "hello without a token", 0))
	default:
		s.judging, s.pending = true, r
		s.enter(c, r)
	}
}

// judge has a token verified, which may ask a key server, outside the mailbox.
// A bad one is answered to r; before the welcome it also closes.
func (s *Session) judge(c actor.Context, r *Received, token string, good func(actor.Context)) {
	s.judging, s.pending = true, r
	s.wait(c, func(ctx context.Context) any {
		claims, err := s.deps.Verify(ctx, token)
		return judged{then: func(c actor.Context) {
			if fault := s.judgement(claims, err); fault != nil {
				s.conn.Send(wire.Reply(r.ID, fault))
				s.rejected(c, fault)
				return
			}
			s.claims = claims
			good(c)
		}}
	})
}

// judgement is what is wrong with a verified token for this session.
func (s *Session) judgement(claims Claims, err error) *wire.Error {
	if err != nil {
		return wire.AsError(err)
	}
	if !s.claims.UserID.IsZero() && claims.UserID != s.claims.UserID {
		return wire.Errorf(wire.CodeUnauthorized, "token: belongs to another user")
	}
	return nil
}

// rejected goes on without the new token, or ends a connection that has none.
func (s *Session) rejected(c actor.Context, fault *wire.Error) {
	switch {
	case s.welcomed:
		s.release(c)
	case fault.Code == wire.CodeTokenExpired:
		s.conn.Close(wire.NewGoodbye(wire.CloseTokenExpired, "the token has expired", 0))
	case fault.Retryable: // nothing is wrong with the token
		s.conn.Close(wire.NewGoodbye(wire.CloseOverload, "the token cannot be verified now", fault.RetryAfterMS))
	default:
		s.conn.Close(wire.NewGoodbye(wire.CloseUnauthorized, "the token is not valid", 0))
	}
}

// enter takes a place among the user's connections and asks how the limits stand.
func (s *Session) enter(c actor.Context, hello *Received) {
	if s.leave == nil {
		leave, ok := s.deps.Admit(s.conn, s.claims.UserID)
		if !ok {
			s.conn.Close(wire.NewGoodbye(wire.CloseTooManyClients, "too many connections of this user", 0))
			return
		}
		s.leave = leave
	}
	userID := s.claims.UserID
	limitsOf := s.deps.Grains.Limits
	if hello != nil && len(hello.Command.(*wire.Hello).Resume) == 0 {
		limitsOf = s.deps.Grains.Greet
	}
	s.wait(c, func(ctx context.Context) any {
		limits, err := limitsOf(ctx, userID)
		return seated{hello: hello, limits: limits, err: err}
	})
}

// seat welcomes the client. Without the database the limits are not known, and
// nothing else could be served either.
func (s *Session) seat(c actor.Context, m seated) {
	if m.err != nil {
		s.conn.Close(wire.NewGoodbye(wire.CloseOverload, "the server cannot serve now", 1000))
		return
	}
	id := ""
	if m.hello != nil {
		id = m.hello.ID
	}
	s.conn.Send(wire.Reply(id, s.welcome(m.limits)))
	s.conn.Send(wire.Reply("", wire.Limits{Policies: m.limits}))
	s.welcomed = true
	s.after(c, s.claims.ExpiresAt.Sub(s.deps.Now()), expiryDue{})
	if m.hello != nil {
		s.resume(c, m.hello.Command.(*wire.Hello).Resume)
	}
	s.release(c)
}

func (s *Session) welcome(limits []wire.Limit) *wire.Welcome {
	return &wire.Welcome{
		SessionID:      s.id,
		UserID:         s.claims.UserID,
		ServerTime:     wire.At(s.deps.Now()),
		TokenExpiresAt: wire.At(s.claims.ExpiresAt),
		HeartbeatMS:    s.deps.Config.Heartbeat.Milliseconds(),
		MaxFrameBytes:  wire.MaxTextFrame,
		Limits:         limits,
	}
}

// resume subscribes to the threads of a hello, one after the other: each may bring
// as much as the outbox holds, so the next one waits until the client has taken it.
// A later hello asks anew.
func (s *Session) resume(c actor.Context, threads []wire.Resume) {
	s.resuming = threads
	if !s.resumes {
		s.resumeNext(c)
	}
}

func (s *Session) resumeNext(c actor.Context) {
	if s.resumes = len(s.resuming) > 0 && !s.ended.Load(); !s.resumes {
		return
	}
	t := s.resuming[0]
	s.resuming = s.resuming[1:]
	r := &Received{
		Command: &wire.ThreadSubscribe{ThreadID: t.ThreadID, Epoch: t.Epoch, AfterSeq: t.AfterSeq},
		Done:    func() { s.resumeNext(c) },
	}
	s.find(c, r, func(ctx context.Context) (wire.ID, error) {
		if s.conn.Drained(ctx) != nil {
			return wire.ID{}, wire.Errorf(wire.CodeUnavailable, "resume: what was sent before is not read")
		}
		return t.ThreadID, nil
	})
}

// release hears what came while a token was judged.
func (s *Session) release(c actor.Context) {
	s.settle()
	s.judging = false
	waiting := s.waiting
	s.waiting = nil
	for i := range waiting {
		s.received(c, &waiting[i])
	}
}

// settle gives back the place of the command under judgement.
func (s *Session) settle() {
	if s.pending != nil {
		s.pending.Done()
		s.pending = nil
	}
}

// expire closes when the token's time is over. A refresh moves the timer; it may
// have fired just before.
func (s *Session) expire(c actor.Context) {
	if left := s.claims.ExpiresAt.Sub(s.deps.Now()); left > 0 {
		s.after(c, left, expiryDue{})
		return
	}
	s.conn.Close(wire.NewGoodbye(wire.CloseTokenExpired, "the token has expired", 0))
}

// refreshed goes on with a newer token.
func (s *Session) refreshed(c actor.Context, r *Received) {
	s.after(c, max(0, s.claims.ExpiresAt.Sub(s.deps.Now())), expiryDue{})
	s.conn.Send(wire.Reply(r.ID, wire.OK{}))
	s.release(c)
}
