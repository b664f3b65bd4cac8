package session

import (
	"context"

	"github.com/asynkron/protoactor-go/actor"

	"recall/actors/thread"
	"recall/wire"
)

// command is the list of where each command goes.
func (s *Session) command(c actor.Context, r *Received) {
	userID := s.claims.UserID // a copy: the calls below run beside the mailbox
	switch m := r.Command.(type) {
	case *wire.Ping:
		s.answer(r, wire.Pong{ServerTime: wire.At(s.deps.Now())})
	case *wire.AuthRefresh:
		s.judge(c, r, m.Token, func(c actor.Context) { s.refreshed(c, r) })
	case *wire.MediaOpen:
		s.openMedia(r, m)
	case *wire.MediaClose:
		s.closeMedia(r, m)
	case *wire.StartRecall:
		s.toThread(c, m.ThreadID, r)
	case *wire.ThreadList:
		s.ask(r, func(ctx context.Context) (wire.Message, error) {
			return s.deps.Grains.Threads(ctx, userID, m)
		})
	case *wire.StashList:
		s.ask(r, func(ctx context.Context) (wire.Message, error) {
			return s.deps.Store.Stash(ctx, userID, *m)
		})
	case *wire.CancelRecall:
		s.cancelRecall(c, r, m.RecallID)
	case *wire.Judge:
		s.find(c, r, func(ctx context.Context) (wire.ID, error) {
			return s.deps.Store.ThreadOfMessage(ctx, userID, m.MessageID)
		})
	default:
		s.toThread(c, threadOf(m), r)
	}
}

// threadOf is the thread that a command names.
func threadOf(m wire.Command) wire.ID {
	switch m := m.(type) {
	case *wire.ThreadCreate:
		return m.ThreadID
	case *wire.ThreadGet:
		return m.ThreadID
	case *wire.ThreadUpdate:
		return m.ThreadID
	case *wire.ThreadDelete:
		return m.ThreadID
	case *wire.ThreadSubscribe:
		return m.ThreadID
	case *wire.ThreadUnsubscribe:
		return m.ThreadID
	case *wire.MessagesList:
		return m.ThreadID
	case *wire.StashEdit:
		return m.ThreadID
	default:
		return wire.ID{}
	}
}

// refusal goes along with a recall when the server is about to go or has more than it
// can do. Whether the recall is a new one, which it is meant for, only its thread knows.
func (s *Session) refusal(c wire.Command) *thread.Refusal {
	_, isRecall := c.(*wire.StartRecall)
	switch {
	case !isRecall:
		return nil
	case s.deps.Draining():
		return &thread.Refusal{Error: restarts()}
	case s.deps.Overloaded != nil:
		return s.deps.Overloaded()
	default:
		return nil
	}
}

// restarts refuses what would outlive the process.
func restarts() *wire.Error {
	e := wire.Errorf(wire.CodeUnavailable, "the server restarts")
	e.RetryAfterMS = 1000
	return e
}

// cancelRecall needs no database for a recall that this connection began.
func (s *Session) cancelRecall(c actor.Context, r *Received, recallID wire.ID) {
	if id, known := s.recalls[recallID]; known {
		s.toThread(c, id, r)
		return
	}
	userID := s.claims.UserID
	s.find(c, r, func(ctx context.Context) (wire.ID, error) {
		return s.deps.Store.ThreadOfRecall(ctx, userID, recallID)
	})
}

// toThread hands a request to a thread, which answers it. Requests to one thread
// arrive in the order in which the client sent them; other threads are not held up.
func (s *Session) toThread(c actor.Context, id wire.ID, r *Received) {
	req := s.request(c, r)
	if behind, carrying := s.outgoing[id]; carrying {
		s.outgoing[id] = append(behind, req)
		return
	}
	s.carry(c, id, []*thread.Request{req})
}

// carry hands requests over one after the other, and then what came behind them.
func (s *Session) carry(c actor.Context, id wire.ID, batch []*thread.Request) {
	if s.outgoing == nil {
		s.outgoing = map[wire.ID][]*thread.Request{}
	}
	s.outgoing[id] = nil
	root, self := c.ActorSystem().Root, c.Self()
	s.deps.Go(func() {
		for _, req := range batch {
			ctx, cancel := s.patience(req.Trace)
			if err := s.deps.Grains.Thread(ctx, id, req); err != nil {
				root.Send(self, undelivered{token: req.Token, err: err})
			}
			cancel()
		}
		root.Send(self, carried{thread: id})
	})
}

func (s *Session) carried(c actor.Context, id wire.ID) {
	if behind := s.outgoing[id]; len(behind) > 0 {
		s.carry(c, id, behind)
		return
	}
	delete(s.outgoing, id)
}

// find looks up the thread of a request first. The command keeps its place until
// the thread's answer comes through the mailbox (or the fault, when it got to none).
func (s *Session) find(c actor.Context, r *Received, lookUp func(context.Context) (wire.ID, error)) {
	req := s.request(c, r)
	root, self := c.ActorSystem().Root, c.Self()
	s.deps.Go(func() {
		ctx, cancel := s.patience(r.Trace)
		defer cancel()
		id, err := lookUp(ctx)
		if err == nil {
			err = s.deps.Grains.Thread(ctx, id, req)
		}
		if err != nil {
			root.Send(self, undelivered{token: req.Token, err: err})
		}
	})
}

// request makes the request of a command and remembers it until it is answered.
func (s *Session) request(c actor.Context, r *Received) *thread.Request {
	self := c.Self()
	s.token++
	if s.asked == nil {
		s.asked = map[uint64]*Received{}
	}
	s.asked[s.token] = r
	return &thread.Request{
		From: thread.Peer{Address: self.Address, ID: self.Id}, ID: r.ID, Token: s.token, User: s.claims.UserID,
		Command: r.Command, Refusal: s.refusal(r.Command), Trace: r.Trace,
	}
}

func (s *Session) undelivered(c actor.Context, m undelivered) {
	r, waits := s.asked[m.token]
	if !waits {
		return
	}
	delete(s.asked, m.token)
	s.answer(r, s.fault(r, m.err))
	s.limitsBehind(c, r)
}
