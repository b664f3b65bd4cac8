package session

import (
	"context"
	"fmt"
	"time"

	"go.opentelemetry.io/otel/trace"

	"recall/actors/grain"
	"recall/wire"
)

// ask answers a command with what a call returns.
func (s *Session) ask(r *Received, call func(context.Context) (wire.Message, error)) {
	s.run(r, func(ctx context.Context) error {
		m, err := call(ctx)
		if err == nil {
			s.conn.Send(wire.Reply(r.ID, m))
		}
		return err
	})
}

// run does the work of a command outside the mailbox; a fault is its reply.
func (s *Session) run(r *Received, work func(context.Context) error) {
	s.runWithin(s.deps.Config.Timeout, r, work)
}

func (s *Session) runWithin(most time.Duration, r *Received, work func(context.Context) error) {
	s.deps.Go(func() {
		defer r.Done()
		ctx, cancel := context.WithTimeout(grain.WithTrace(s.deps.life(), r.Trace), most)
		defer cancel()
		if err := work(ctx); err != nil && !s.ended.Load() {
			s.conn.Send(wire.Reply(r.ID, s.fault(r, err)))
		}
	})
}

// patience bounds one command. It does not end with the connection: to break a
// query off costs Postgres a connection, to let it end costs nothing.
func (s *Session) patience(span trace.Span) (context.Context, context.CancelFunc) {
	return context.WithTimeout(grain.WithTrace(s.deps.life(), span), s.deps.Config.Timeout)
}

// fault is what the client is told of an error; what is ours goes into the log.
func (s *Session) fault(r *Received, err error) *wire.Error {
	e := wire.AsError(err)
	if e.Code == wire.CodeInternal {
		s.deps.Logger.Error("command failed", "session", s.id, "type", fmt.Sprintf("%T", r.Command), "error", err)
	}
	return e
}
