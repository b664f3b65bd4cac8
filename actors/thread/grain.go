package thread

import (
	"context"
	"log/slog"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"recall/actors/recall"
	"recall/actors/user"
	"recall/wire"
)

// Kind is the name of the grain's kind in the cluster.
const Kind = "thread"

// Store is what a thread needs of the database. Faults are [*wire.Error] values
// (`not_found`, `unavailable`), [wire.ErrStale], [wire.ErrDuplicate] and
// [wire.ErrUnsure]; everything else is an internal fault.
type Store interface {
	Activate(ctx context.Context, thread wire.ID) (wire.Activation, error)
	Create(ctx context.Context, owner wire.ID, t wire.Thread) (wire.Activation, error)
	Commit(ctx context.Context, c *wire.Commit) error
	Page(ctx context.Context, q wire.PageQuery) (wire.Page, error)
	Posting(ctx context.Context, thread, message wire.ID) (*wire.Posting, error)
	RecallByRequest(ctx context.Context, user, request wire.ID) (wire.Recall, *wire.Posting, error)
}

// Users reaches the user grains.
type Users interface {
	Admit(ctx context.Context, r wire.Recall) (user.Decision, error)
	Release(user wire.ID, r user.Release)
	ListChanged(user wire.ID)
}

// Resolver does the work of a recall within ctx and tells what it finds as it
// finds it. It must return soon after ctx ends.
type Resolver interface {
	Resolve(ctx context.Context, job recall.Job, emit func(wire.Event)) recall.Outcome
}

// Deps are what every thread of the process shares.
type Deps struct {
	Config   Config
	Store    Store
	Users    Users
	Resolver Resolver
	Shelf    Shelf
	Logger   *slog.Logger
	Now      func() time.Time
	Go       func(func())    // starts a goroutine that shutdown waits for
	Life     context.Context // ends with the process: nobody goes on waiting then
}

// What the grain sends to sessions, and what wakes it.
type (
	// Delivery is a frame for the client. Limits asks the session to show the
	// limits behind it.
	Delivery struct {
		Frame  *wire.Frame
		Limits bool
	}
	// Disowned says that the thread is served by another activation now.
	Disowned struct{ ThreadID wire.ID }
	// Ack says that a [Request] has been taken; its reply travels to the session.
	Ack struct{}
	// Wake activates the thread, so that what a crash left open is finished.
	Wake struct{}
)

// Grain carries messages into a [State] and its effects out.
type Grain struct {
	deps   Deps
	id     wire.ID
	state  *State
	system *actor.ActorSystem
	self   *actor.PID

	ctx    context.Context // ends with the activation
	cancel context.CancelFunc
	peers  map[Peer]*actor.PID
	runs   map[wire.ID]context.CancelFunc // recalls being resolved
	timers map[wire.ID]*time.Timer        // budgets of open recalls
	idle   *time.Timer                    // since the last message; protoactor's own fires once only
}

// NewGrain makes the actor of the thread with that id.
func NewGrain(id wire.ID, deps Deps) *Grain {
	deps.Config = deps.Config.withDefaults()
	if deps.Life == nil {
		deps.Life = context.Background()
	}
	return &Grain{
		deps: deps, id: id, state: New(id, deps.Config, deps.Shelf),
		peers: map[Peer]*actor.PID{}, runs: map[wire.ID]context.CancelFunc{}, timers: map[wire.ID]*time.Timer{},
	}
}

// Receive implements [actor.Actor].
func (g *Grain) Receive(c actor.Context) {
	if g.idle != nil {
		g.idle.Reset(g.deps.Config.Idle)
	}
	switch m := c.Message().(type) {
	case *actor.Started:
		g.start(c)
	case *actor.Restarting: // a panic: this instance is gone with its subscribers
		g.disown()
		g.close()
	case *actor.Stopping:
		g.close()
	case *actor.Terminated:
		g.gone(c, m.Who)
	case *Request:
		g.step(c, *m)
		g.ack(c)
	case *Wake:
		g.ack(c)
	case Activated, Admitted, Committed, Stalled, Loaded, Looked, FoundPosting, Progress, Resolved, Due, Idle:
		g.step(c, m)
	}
}

func (g *Grain) start(c actor.Context) {
	g.system, g.self = c.ActorSystem(), c.Self()
	g.ctx, g.cancel = context.WithCancel(g.deps.Life)
	g.idle = time.AfterFunc(g.deps.Config.Idle, func() { g.tell(Idle{}) })
	g.carry(c, g.state.Start())
}

func (g *Grain) close() {
	if g.cancel != nil {
		g.cancel()
	}
	if g.idle != nil {
		g.idle.Stop()
		g.idle = nil
	}
	for _, t := range g.timers {
		t.Stop()
	}
}

func (g *Grain) ack(c actor.Context) {
	if c.Sender() != nil {
		c.Respond(&Ack{})
	}
}

func (g *Grain) gone(c actor.Context, who *actor.PID) {
	p := Peer{Address: who.Address, ID: who.Id}
	delete(g.peers, p)
	g.step(c, Gone{Peer: p})
}

func (g *Grain) step(c actor.Context, in any) { g.carry(c, g.state.Step(g.deps.Now(), in)) }

// carry does what the state wants done. Nothing here waits.
func (g *Grain) carry(c actor.Context, effects []Effect) {
	for _, e := range effects {
		switch e := e.(type) {
		case Deliver:
			c.Send(g.pid(e.To), &Delivery{Frame: e.Frame, Limits: e.Limits})
		case Broadcast:
			g.broadcast(c, &Delivery{Frame: e.Frame})
		case Watch:
			g.peers[e.Peer] = g.pid(e.Peer)
			c.Watch(g.peers[e.Peer])
		case Unwatch:
			c.Unwatch(g.pid(e.Peer))
			delete(g.peers, e.Peer)
		case Timer:
			g.timer(e)
		case Abandon:
			g.abandon(e.RecallID)
		case Release:
			g.release(e)
		case ListChanged:
			g.deps.Users.ListChanged(e.UserID)
		case Disown:
			g.disown()
		case Stop:
			c.Stop(c.Self())
		default:
			g.wait(e)
		}
	}
}

func (g *Grain) pid(p Peer) *actor.PID {
	if pid, known := g.peers[p]; known {
		return pid
	}
	return actor.NewPID(p.Address, p.ID)
}

func (g *Grain) broadcast(c actor.Context, d *Delivery) {
	for _, pid := range g.peers {
		c.Send(pid, d)
	}
}

func (g *Grain) disown() {
	for _, pid := range g.peers {
		g.system.Root.Send(pid, &Disowned{ThreadID: g.id})
	}
}

func (g *Grain) timer(e Timer) {
	g.timers[e.RecallID] = time.AfterFunc(e.At.Sub(g.deps.Now()), func() { g.tell(Due{RecallID: e.RecallID}) })
}

func (g *Grain) abandon(recallID wire.ID) {
	if cancel, running := g.runs[recallID]; running {
		cancel()
		delete(g.runs, recallID)
	}
}

func (g *Grain) release(e Release) {
	g.abandon(e.RecallID)
	if t, ok := g.timers[e.RecallID]; ok {
		t.Stop()
		delete(g.timers, e.RecallID)
	}
	g.deps.Users.Release(e.UserID, user.Release{RecallID: e.RecallID, Refund: e.Refund})
}

// tell puts a result into the grain's own mailbox. After the end of the
// activation the address may be the next one's, which did not ask.
func (g *Grain) tell(in any) {
	if g.ctx.Err() == nil {
		g.system.Root.Send(g.self, in)
	}
}
