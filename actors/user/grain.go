package user

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/asynkron/protoactor-go/actor"
	"go.opentelemetry.io/otel/trace"

	"recall/actors/grain"
	"recall/wire"
)

// Kind is the name of the grain's kind in the cluster.
const Kind = "user"

// Store is what a user needs of the database. Faults are [*wire.Error] values. A call takes
// no longer than a bound of its own, and ends with ctx.
type Store interface {
	// Admissions are the user's recalls accepted after since, oldest first.
	Admissions(ctx context.Context, user wire.ID, since time.Time) ([]wire.Admission, error)
	// Threads is one page of the user's threads.
	Threads(ctx context.Context, user wire.ID, c wire.ThreadList) (*wire.Threads, error)
}

// Deps are what every user of the process shares.
type Deps struct {
	Config Config
	Store  Store
	Lists  func(user wire.ID) Lists
	Spare  func() bool // the store has nothing better to do: prefetching may go on; nil: never
	Logger *slog.Logger
	Now    func() time.Time
	Go     func(func())    // starts a goroutine that shutdown waits for
	Life   context.Context // ends with the process: nobody goes on waiting then

	// Leave takes a grain out of the directory and ends it behind what is in its
	// mailbox. Without one (on a plain actor system) it only ends.
	Leave func(c actor.Context)
	// Unwoken does something unless the user has woken again since this grain left, and
	// lets nobody wake it meanwhile. Without one (on a plain actor system) it is just done.
	Unwoken func(c actor.Context, do func())
}

// Grain carries calls into a [State] and its effects out.
type Grain struct {
	deps    *Deps
	id      wire.ID
	state   *State
	queries []*query    // under way
	idle    *time.Timer // since the last message; protoactor's own fires once only
}

// query is a call of the database under way. A context for the whole activation would
// hold 0.4 KB between the calls.
type query struct{ end context.CancelFunc }

// heard is the result of a query.
type heard struct {
	query  *query
	result any
}

// Grains makes the actor of the user with an id, for as many users as there are.
func Grains(deps Deps) func(id wire.ID) *Grain {
	deps.Config = deps.Config.withDefaults()
	if deps.Life == nil {
		deps.Life = context.Background()
	}
	return func(id wire.ID) *Grain {
		return &Grain{deps: &deps, id: id, state: newState(&deps.Config, deps.Lists(id))}
	}
}

// Receive implements [actor.Actor].
func (g *Grain) Receive(c actor.Context) {
	if g.idle != nil {
		g.idle.Reset(g.deps.Config.Idle)
	}
	switch m := c.Message().(type) {
	case *actor.Started:
		root, self := c.ActorSystem().Root, c.Self()
		g.idle = time.AfterFunc(g.deps.Config.Idle, func() { root.Send(self, Idle{}) })
	case *actor.Restarting:
		g.state.lists.Drop() // nobody knows what the crash cost
		g.close()
	case *actor.Stopping:
		g.layBack(c)
		g.close()
	case *Admit:
		g.call(c, *m)
	case *Release:
		g.call(c, *m)
	case *ShowLimits:
		g.call(c, *m)
	case *List:
		g.call(c, *m)
	case *ListChanged:
		g.call(c, *m)
	case heard:
		g.heard(c, m)
	case Idle:
		g.step(c, m)
	}
}

func (g *Grain) close() {
	for _, q := range g.queries {
		q.end()
	}
	g.queries = nil
	g.idle.Stop()
	g.idle = nil
}

// layBack leaves the pages for the next activation. Nothing can come to this one any
// more; when another one has woken since, what came then went there.
func (g *Grain) layBack(c actor.Context) {
	pages, ok := g.state.Rest()
	switch {
	case !ok && !g.state.gone:
		g.state.lists.Drop() // it was ended from outside, in the middle of things
	case ok && g.deps.Unwoken != nil:
		g.deps.Unwoken(c, func() { g.state.lists.Keep(pages) })
	case ok:
		g.state.lists.Keep(pages)
	}
}

func (g *Grain) call(c actor.Context, body any) {
	var from any
	if sender := c.Sender(); sender != nil {
		from = sender
	}
	g.step(c, Call{From: from, Body: body})
}

func (g *Grain) step(c actor.Context, in any) { g.carry(c, g.state.Step(g.deps.Now(), in)) }

func (g *Grain) carry(c actor.Context, effects []Effect) {
	for _, e := range effects {
		switch e := e.(type) {
		case Answer:
			c.Send(e.To.(*actor.PID), e.Body)
		case Stop:
			g.leave(c)
		case Rebuild:
			g.wait(c, e.Trace, func(ctx context.Context) any {
				log, err := g.deps.Store.Admissions(ctx, g.id, e.Since)
				return Rebuilt{Log: log, Err: g.logged(ctx, err)}
			})
		case Read:
			g.wait(c, e.Trace, func(ctx context.Context) any { return g.read(ctx, e) })
		}
	}
}

// errNoTime is the outcome of prefetching while the store has other work.
var errNoTime = errors.New("user: the store has no time for prefetching")

func (g *Grain) read(ctx context.Context, e Read) Listed {
	if e.Prefetch && (g.deps.Spare == nil || !g.deps.Spare()) {
		return Listed{Key: e.Key, Err: errNoTime}
	}
	threads, err := g.deps.Store.Threads(ctx, g.id, *e.Command)
	return Listed{Key: e.Key, Threads: threads, Err: g.logged(ctx, err)}
}

// leave ends the activation, behind what is in the mailbox already.
func (g *Grain) leave(c actor.Context) {
	if g.deps.Leave != nil {
		g.deps.Leave(c)
		return
	}
	c.Poison(c.Self())
}

// wait runs a call of the database outside the mailbox and puts its result in, unless
// the activation ends first.
func (g *Grain) wait(c actor.Context, span trace.Span, ask func(context.Context) any) {
	root, self := c.ActorSystem().Root, c.Self()
	ctx, end := context.WithCancel(grain.WithTrace(g.deps.Life, span))
	q := &query{end: end}
	g.queries = append(g.queries, q)
	g.deps.Go(func() {
		defer end()
		if result := ask(ctx); !ended(ctx) {
			root.Send(self, heard{query: q, result: result})
		}
	})
}

// ended tells that nobody waits for a query any more; its time may be over as well.
func ended(ctx context.Context) bool { return errors.Is(ctx.Err(), context.Canceled) }

// heard takes a result in. That of an activation which has crashed may come to the next one, whose
// query it is not.
func (g *Grain) heard(c actor.Context, m heard) {
	i := slices.Index(g.queries, m.query)
	if i < 0 {
		return
	}
	if g.queries = slices.Delete(g.queries, i, i+1); len(g.queries) == 0 {
		g.queries = nil
	}
	g.step(c, m.result)
}

func (g *Grain) logged(ctx context.Context, err error) error {
	if err != nil && wire.AsError(err).Code != wire.CodeBadRequest && !ended(ctx) {
		g.deps.Logger.Warn("user", slog.String("user", g.id.String()), slog.Any("error", err))
	}
	return err
}
