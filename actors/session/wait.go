package session

import (
	"context"
	"slices"

	"github.com/asynkron/protoactor-go/actor"
)

// query is a question of the session's own under way. A context for the whole connection
// would hold 0.4 KB while nothing is asked.
type query struct{ end context.CancelFunc }

// heard is the result of a query; nil when nothing comes of it.
type heard struct {
	query  *query
	result any
}

// wait runs ask outside the mailbox and puts its result in. The end of the connection
// ends it.
func (s *Session) wait(c actor.Context, ask func(context.Context) any) {
	if s.ended.Load() {
		return
	}
	ctx, end := context.WithTimeout(s.deps.life(), s.deps.Config.Timeout)
	s.query(c, &query{end: end}, func() any {
		defer end()
		return ask(ctx)
	})
}

// waitForGrain is wait for what only asks a grain, which has a bound of its own: there is
// one for each recall, and a context with a timer would be most of what it costs.
func (s *Session) waitForGrain(c actor.Context, ask func(context.Context) any) {
	if !s.ended.Load() {
		s.query(c, &query{end: func() {}}, func() any { return ask(s.deps.life()) })
	}
}

func (s *Session) query(c actor.Context, q *query, ask func() any) {
	root, self := c.ActorSystem().Root, c.Self()
	s.queries = append(s.queries, q)
	s.deps.Go(func() { root.Send(self, heard{query: q, result: ask()}) })
}

// settled takes a query off the list; false: nobody waits for it any more.
func (s *Session) settled(q *query) bool {
	i := slices.Index(s.queries, q)
	if i < 0 {
		return false
	}
	if s.queries = slices.Delete(s.queries, i, i+1); len(s.queries) == 0 {
		s.queries = nil
	}
	return true
}
