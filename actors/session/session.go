package session

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/asynkron/protoactor-go/actor"
	"go.opentelemetry.io/otel/trace"

	"recall/actors/thread"
	"recall/wire"
)

// The messages of a session, besides those of package thread.
type (
	// Received is a decoded frame. With a Fault the Command, if any, tells only what
	// was meant. Done gives its place back and is called exactly once.
	Received struct {
		ID      string
		Command wire.Command
		Fault   *wire.Error
		Done    func()
		Trace   trace.Span // of the frame; nil: not traced
	}
	// Gone says that the socket has closed.
	Gone struct{}
	// Leave says that the server goes: goodbye 1012.
	Leave struct{ RetryAfterMS int64 }

	judged struct{ then func(c actor.Context) } // a token was judged
	seated struct {                             // the limits of a user who is let in
		hello  *Received
		limits []wire.Limit
		err    error
	}
	helloDue    struct{}
	expiryDue   struct{}
	limitsSeen  struct{ limits []wire.Limit }
	carried     struct{ thread wire.ID } // requests were handed to a thread
	undelivered struct {                 // a request that reached no thread
		token uint64
		err   error
	}
)

// Session is the actor of one connection.
type Session struct {
	deps *Deps
	conn Conn
	id   wire.ID

	claims   Claims
	welcomed bool
	judging  bool                          // a hello or a token is under way: what comes meanwhile waits
	pending  *Received                     // the command that brought it, until its place is given back
	waiting  []Received                    // bounded by the reader's places
	token    uint64                        // of the last request to a thread
	asked    map[uint64]*Received          // requests that a thread has not answered yet, by token
	outgoing map[wire.ID][]*thread.Request // what waits behind requests being handed over, by thread
	resuming []wire.Resume                 // of the last hello, still to be asked
	resumes  bool                          // one is under way
	recalls  map[wire.ID]wire.ID           // threads of the last accepted recalls, for cancelling
	uploads  uploads
	leave    func()
	timer    *time.Timer // until hello, then until the token's end
	queries  []*query    // under way
	ended    atomic.Bool // with the connection
}

// New makes the session of a connection. claims are those of a token on the
// upgrade request, or nil when a hello must bring one.
func New(deps *Deps, conn Conn, claims *Claims) *Session {
	s := &Session{deps: deps, conn: conn, id: wire.NewID()}
	if claims != nil {
		s.claims = *claims
	}
	return s
}

// Receive implements [actor.Actor].
func (s *Session) Receive(c actor.Context) { s.take(c, c.Message()) }

func (s *Session) take(c actor.Context, m any) {
	switch m := m.(type) {
	case *actor.Started:
		s.start(c)
	case *actor.Stopping:
		s.close()
	case *actor.Restarting: // a fault of ours: the client comes back and resumes
		s.conn.Close(wire.NewGoodbye(wire.CloseRestart, "internal fault", 0))
		s.close()
	case *Received:
		s.received(c, m)
	case heard:
		if s.settled(m.query) && m.result != nil {
			s.take(c, m.result)
		}
	case judged:
		m.then(c)
	case seated:
		s.seat(c, m)
	case *thread.Delivery:
		s.deliver(c, m)
	case carried:
		s.carried(c, m.thread)
	case undelivered:
		s.undelivered(c, m)
	case limitsSeen:
		s.conn.Send(wire.Reply("", wire.Limits{Policies: m.limits}))
	case *thread.Disowned:
		s.conn.Close(wire.NewGoodbye(wire.CloseRestart, "a thread has moved", 0))
	case helloDue:
		s.missHello()
	case expiryDue:
		s.expire(c)
	case *Leave:
		s.conn.Close(wire.NewGoodbye(wire.CloseRestart, "the server restarts", m.RetryAfterMS))
	case *Gone:
		c.Stop(c.Self())
	}
}

func (s *Session) start(c actor.Context) {
	if s.claims.UserID.IsZero() {
		s.after(c, s.deps.Config.HelloTimeout, helloDue{})
		return
	}
	s.judging = true
	s.enter(c, nil)
}

// close gives everything back, once: a crash calls it and the end calls it again.
func (s *Session) close() {
	s.ended.Store(true)
	for _, q := range s.queries {
		q.end()
	}
	s.queries = nil
	if s.timer != nil {
		s.timer.Stop()
	}
	if s.leave != nil {
		s.leave()
		s.leave = nil
	}
	s.uploads.end()
	s.settle()
	for _, r := range s.waiting {
		r.Done()
	}
	for _, r := range s.asked {
		r.Done()
	}
	s.waiting, s.asked = nil, nil
}

// missHello ends a connection that nobody signed in on. A hello that came in time
// may still be judged.
func (s *Session) missHello() {
	if !s.welcomed && !s.judging {
		s.conn.Close(wire.NewGoodbye(wire.CloseUnauthorized, "no hello in time", 0))
	}
}

// received routes one frame. Until the welcome only hello is heard; what came
// behind a hello waits for its outcome.
func (s *Session) received(c actor.Context, r *Received) {
	hello, isHello := r.Command.(*wire.Hello)
	switch {
	case s.judging:
		s.waiting = append(s.waiting, *r)
	case r.Fault != nil && (s.welcomed || isHello || nothing(r)):
		s.answer(r, r.Fault)
		s.limitsBehind(c, r)
	case isHello:
		s.hello(c, r, hello)
	case !s.welcomed:
		s.answer(r, wire.Errorf(wire.CodeUnauthorized, "say hello with a token first"))
	default:
		s.command(c, r)
	}
}

// nothing tells that a frame was no command at all (malformed JSON, no type).
func nothing(r *Received) bool { return r.Command == nil && r.Fault.Code == wire.CodeBadRequest }

// answer replies to a frame and gives its place back.
func (s *Session) answer(r *Received, m wire.Message) {
	s.conn.Send(wire.Reply(r.ID, m))
	r.Done()
}

// after sets the session's one timer.
func (s *Session) after(c actor.Context, d time.Duration, m any) {
	if s.timer != nil {
		s.timer.Stop()
	}
	root, self := c.ActorSystem().Root, c.Self()
	s.timer = time.AfterFunc(d, func() { root.Send(self, m) })
}

// deliver passes a thread's frame on. A direct reply gives its command's place
// back; behind an answered recall the limits follow.
func (s *Session) deliver(c actor.Context, d *thread.Delivery) {
	s.conn.Send(d.Frame)
	if r, answered := s.asked[d.Token]; answered {
		delete(s.asked, d.Token)
		s.note(r, d.RecallID)
		r.Done()
	}
	if d.Limits {
		s.showLimits(c)
	}
}

// maxNoted is how many recalls a session knows the thread of; others are looked up.
const maxNoted = 32

// note remembers where an accepted recall runs, so that it can be cancelled
// without the database.
func (s *Session) note(r *Received, recallID wire.ID) {
	start, ok := r.Command.(*wire.StartRecall)
	if !ok || recallID.IsZero() {
		return
	}
	if s.recalls == nil || len(s.recalls) >= maxNoted {
		s.recalls = map[wire.ID]wire.ID{}
	}
	s.recalls[recallID] = start.ThreadID
}

// limitsBehind shows the limits behind a refused recall.
func (s *Session) limitsBehind(c actor.Context, r *Received) {
	if _, isRecall := r.Command.(*wire.StartRecall); isRecall && s.welcomed {
		s.showLimits(c)
	}
}

func (s *Session) showLimits(c actor.Context) {
	userID := s.claims.UserID
	s.waitForGrain(c, func(ctx context.Context) any {
		limits, err := s.deps.Grains.Limits(ctx, userID)
		if err != nil {
			return nil // the limits are shown again with the next recall
		}
		return limitsSeen{limits}
	})
}
