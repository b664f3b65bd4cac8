package thread

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"recall/actors/grain"
	"recall/actors/recall"
	"recall/actors/user"
	"recall/wire"
)

// Kind is the name of the grain's kind in the cluster.
const Kind = "thread"

// Store is what a thread needs of the database. Faults are [*wire.Error] values
// (`not_found`, `unavailable`), [wire.ErrStale], [wire.ErrDuplicate] and
// [wire.ErrUnsure]; everything else is an internal fault. A call takes no longer than a
// bound of its own, and ends with ctx: with a second bound around it, each would cost one
// more context, of which a recall has ten.
type Store interface {
	Activate(ctx context.Context, thread wire.ID) (wire.Activation, error)
	Create(ctx context.Context, owner wire.ID, t wire.Thread) (wire.Activation, error)
	Commit(ctx context.Context, c *wire.Commit) error
	Page(ctx context.Context, q wire.PageQuery) (wire.Page, error)
	Posting(ctx context.Context, thread, message wire.ID) (*wire.Posting, error)
	RecallByRequest(ctx context.Context, user, request wire.ID) (wire.Recall, *wire.Posting, error)
}

// Media knows what was uploaded.
type Media interface {
	// Use fails with `not_found` when owner has uploaded no such thing, and with
	// `bad_request` when it is of another kind. For a while after it nobody removes it.
	Use(ctx context.Context, owner, mediaID wire.ID, kind wire.InputKind) error
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
	Media    Media       // nil: nothing can be uploaded
	Spare    func() bool // the store has nothing better to do: prefetching may go on; nil: never
	Resolver Resolver
	Shelf    Shelf
	Logger   *slog.Logger
	Now      func() time.Time
	Go       func(func())    // starts a goroutine that shutdown waits for
	Life     context.Context // ends with the process: nobody goes on waiting then
	Open     *atomic.Int64   // counts the recalls of this process that are being accepted or have not ended; may be nil

	// Leave takes a grain out of the directory and ends it behind what is in its
	// mailbox. Without one (on a plain actor system) it only ends.
	Leave func(c actor.Context)
}

// What the grain sends to sessions, and what wakes it.
type (
	// Delivery is a frame for the client. Token is the one of the request that it
	// answers, 0 for an event. Limits asks the session to show the limits behind it.
	// RecallID is that of an accepted recall.
	Delivery struct {
		Frame    *wire.Frame
		Token    uint64
		Limits   bool
		RecallID wire.ID
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
	open   int                            // recalls that count in [Deps.Open]
	idle   *time.Timer                    // since the last message; protoactor's own fires once only
}

// NewGrain makes the actor of the thread with that id.
func NewGrain(id wire.ID, deps Deps) *Grain {
	deps.Config = deps.Config.withDefaults()
	if deps.Life == nil {
		deps.Life = context.Background()
	}
	if deps.Open == nil {
		deps.Open = new(atomic.Int64)
	}
	return &Grain{
		deps: deps, id: id, state: New(id, deps.Config, deps.Shelf),
		peers: map[Peer]*actor.PID{}, runs: map[wire.ID]context.CancelFunc{}, timers: map[wire.ID]*time.Timer{},
	}
}

// Receive implements [actor.Actor].
func (g *Grain) Receive(c actor.Context) {
	defer g.rest()
	switch m := c.Message().(type) {
	case *Request:
		g.request(c, m)
	case *Wake:
		g.wake(c, *m)
	case Activated, MediaUsed, Admitted, Committed, Stalled, Loaded, Looked, FoundPosting, Progress, Resolved, Due, BurstsOver, Idle:
		g.step(c, m)
	default:
		g.live(c, m)
	}
}

// live takes what protoactor says of the grain and of its sessions.
func (g *Grain) live(c actor.Context, m any) {
	switch m := m.(type) {
	case *actor.Started:
		g.start(c)
	case *actor.Restarting: // a panic: this instance is gone with its subscribers
		g.disown()
		g.close()
		c.Send(c.Self(), &Wake{}) // recalls that it left open are run again at once
	case *actor.Stopping:
		g.close()
	case *actor.Terminated:
		g.gone(c, m.Who)
	}
}

func (g *Grain) start(c actor.Context) {
	g.system, g.self = c.ActorSystem(), c.Self()
	g.ctx, g.cancel = context.WithCancel(g.deps.Life)
	g.idle = time.AfterFunc(g.deps.Config.Idle, func() { g.tell(Idle{}) })
}

// vacantIdle is how long an activation stays that has found no thread or has not looked
// for one: anybody can ask for any id.
const vacantIdle = time.Second

// rest waits for the next message from here on.
func (g *Grain) rest() {
	switch {
	case g.idle == nil:
	case g.state.Vacant():
		g.idle.Reset(min(vacantIdle, g.deps.Config.Idle))
	default:
		g.idle.Reset(g.deps.Config.Idle)
	}
}

func (g *Grain) close() {
	if g.cancel != nil {
		g.cancel()
	}
	if g.idle != nil {
		g.idle.Stop()
		g.idle = nil
	}
	for id := range g.timers {
		g.ended(id)
	}
	g.count(0)
}

// count says how many recalls of this thread are under way. It comes before what the
// step has asked for, so that of a herd each one sees those before it.
func (g *Grain) count(open int) {
	g.deps.Open.Add(int64(open - g.open))
	g.open = open
}

// wake reads the row, unless this activation has ended. After a crash it is the grain's
// own word, which wants no answer.
func (g *Grain) wake(c actor.Context, m Wake) {
	if c.Sender() != nil {
		c.Respond(g.taken())
	}
	g.step(c, m)
}

// taken answers a message: the next activation is to be asked when this one has ended.
func (g *Grain) taken() any {
	if g.state.Stopped() {
		return &grain.Moved{}
	}
	return &Ack{}
}

// request takes a request, unless this activation has ended: then the next one is
// to be asked.
func (g *Grain) request(c actor.Context, r *Request) {
	if g.state.Stopped() {
		c.Respond(&grain.Moved{})
		return
	}
	g.step(c, *r)
	c.Respond(&Ack{})
}

func (g *Grain) gone(c actor.Context, who *actor.PID) {
	p := Peer{Address: who.Address, ID: who.Id}
	delete(g.peers, p)
	g.step(c, Gone{Peer: p})
}

func (g *Grain) step(c actor.Context, in any) {
	effects := g.state.Step(g.deps.Now(), in)
	g.count(g.state.recalls.count())
	g.carry(c, effects)
}

// carry does what the state wants done. Nothing here waits.
func (g *Grain) carry(c actor.Context, effects []Effect) {
	for _, e := range effects {
		if b, ok := e.(Broadcast); ok { // apart from the others for the sake of a small stack
			g.broadcast(c, &Delivery{Frame: b.Frame})
			continue
		}
		g.do(c, e)
	}
}

func (g *Grain) do(c actor.Context, e Effect) {
	switch e := e.(type) {
	case Deliver:
		c.Send(g.pid(e.To), &e.Delivery)
	case Watch:
		g.peers[e.Peer] = g.pid(e.Peer)
		c.Watch(g.peers[e.Peer])
	case Unwatch:
		c.Unwatch(g.pid(e.Peer))
		delete(g.peers, e.Peer)
	case Timer:
		g.timer(e)
	case SweepBursts:
		time.AfterFunc(e.After, func() { g.tell(BurstsOver{}) })
	case Abandon:
		g.abandon(e.RecallID)
	case Release:
		g.release(e)
	case ListChanged:
		g.deps.Users.ListChanged(e.UserID)
	case Disown:
		g.disown()
	case Stop:
		g.leave(c)
	default:
		g.wait(e)
	}
}

// leave ends the activation, behind what is in the mailbox already.
func (g *Grain) leave(c actor.Context) {
	if g.deps.Leave != nil {
		g.deps.Leave(c)
		return
	}
	c.Poison(c.Self())
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

// ended forgets a recall's timer.
func (g *Grain) ended(recallID wire.ID) {
	if t, open := g.timers[recallID]; open {
		t.Stop()
		delete(g.timers, recallID)
	}
}

func (g *Grain) abandon(recallID wire.ID) {
	if cancel, running := g.runs[recallID]; running {
		cancel()
		delete(g.runs, recallID)
	}
}

func (g *Grain) release(e Release) {
	g.abandon(e.RecallID)
	g.ended(e.RecallID)
	g.deps.Users.Release(e.UserID, user.Release{RecallID: e.RecallID, Refund: e.Refund})
}

// tell puts a result into the grain's own mailbox. After the end of the
// activation the address may be the next one's, which did not ask.
func (g *Grain) tell(in any) {
	if g.ctx.Err() == nil {
		g.system.Root.Send(g.self, in)
	}
}
