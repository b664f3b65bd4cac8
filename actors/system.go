package actors

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/asynkron/protoactor-go/actor"
	"github.com/asynkron/protoactor-go/cluster"
	"github.com/asynkron/protoactor-go/remote"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"recall/actors/session"
	"recall/actors/thread"
	"recall/actors/user"
	"recall/wire"
)

// Deps are what the actors need from outside. The parts of it that are the
// system's own (Grains, Users, Go) are filled in by [System.Use].
type Deps struct {
	Thread  thread.Deps
	User    user.Deps
	Session session.Deps
}

// System is the running actor system of this process.
type System struct {
	deps    Deps
	logger  *slog.Logger
	actors  *actor.ActorSystem
	cluster *cluster.Cluster
	lookup  *lookup
	tasks   sync.WaitGroup // goroutines that wait for the database or a provider
	life    context.Context
	end     context.CancelFunc
}

// Start brings the actor system up as a cluster of one member. It takes about a
// second, nearly all of it protoactor's wait for a topology, so that callers
// start the rest meanwhile.
func Start(logger *slog.Logger) *System { return start(logger) }

// start is Start with kinds that only tests have.
func start(logger *slog.Logger, more ...*cluster.Kind) *System {
	s := &System{logger: logger, lookup: newLookup()}
	s.life, s.end = context.WithCancel(context.Background())
	s.actors = actor.NewActorSystem(actor.WithLoggerFactory(func(*actor.ActorSystem) *slog.Logger { return quiet(logger) }))
	s.cluster = cluster.New(s.actors, cluster.Configure("recall", single{}, s.lookup, remote.Configure("127.0.0.1", 0, remote.WithServerOptions(closed()...)),
		cluster.WithKinds(append(more, kind(thread.Kind, s.newThread), kind(user.Kind, s.newUser))...)))
	s.cluster.StartMember()
	return s
}

// Use gives the actors what they work with. It comes before the first session.
func (s *System) Use(deps Deps) {
	s.deps = deps
	s.deps.Thread.Users, s.deps.Thread.Go, s.deps.Thread.Life, s.deps.Thread.Leave = s, s.tasks.Go, s.life, s.leave
	s.deps.User.Go, s.deps.User.Life, s.deps.User.Leave = s.tasks.Go, s.life, s.leave
	s.deps.User.Unwoken = s.unwoken
	s.deps.Session.Grains, s.deps.Session.Go, s.deps.Session.Life = s, s.tasks.Go, s.life
}

// End ends every wait of the actors. What was not stored by then is found open by the
// next start: nothing is concluded any more, whatever happens to the services that
// were being asked.
func (s *System) End() { s.end() }

// Stop does the same and ends the system. It returns when no goroutine of the actors
// is left.
func (s *System) Stop() {
	s.End()
	s.cluster.Shutdown(false)
	s.tasks.Wait()
}

func (s *System) newThread(id wire.ID) actor.Actor { return thread.NewGrain(id, s.deps.Thread) }
func (s *System) newUser(id wire.ID) actor.Actor   { return user.NewGrain(id, s.deps.User) }

// farewell is how long a grain that has ended still answers those who found it
// just before: longer than anybody is between finding it and sending.
const farewell = 100 * time.Millisecond

// leave ends a grain. It cannot be found from here on, and what comes to it
// nevertheless is answered with [grain.Moved] for a while: protoactor would drop
// what lies behind a stop without a word.
func (s *System) leave(c actor.Context) {
	pid := c.Self()
	s.lookup.Leave(cluster.GetClusterIdentity(c), pid)
	s.forget(cluster.GetClusterIdentity(c), pid)
	time.AfterFunc(farewell, func() { s.actors.Root.Poison(pid) })
}

func (s *System) unwoken(c actor.Context, do func()) {
	s.lookup.Unwoken(cluster.GetClusterIdentity(c), c.Self(), do)
}

func (s *System) forget(id *cluster.ClusterIdentity, pid *actor.PID) {
	s.lookup.RemovePid(id, pid)
	s.cluster.PidCache.RemoveByValue(id.Identity, id.Kind, pid)
}

// closed refuses every call of another node: a cluster of one has none, but
// protoactor opens its port (on loopback) all the same.
func closed() []grpc.ServerOption {
	refused := status.Error(codes.PermissionDenied, "this node is alone")
	return []grpc.ServerOption{
		grpc.UnaryInterceptor(func(context.Context, any, *grpc.UnaryServerInfo, grpc.UnaryHandler) (any, error) {
			return nil, refused
		}),
		grpc.StreamInterceptor(func(any, grpc.ServerStream, *grpc.StreamServerInfo, grpc.StreamHandler) error {
			return refused
		}),
	}
}

// kind makes a kind whose actors are built by make for the identity they serve.
// An identity that is no id can only come from a fault of ours: the actor then
// answers nothing.
func kind(name string, make func(wire.ID) actor.Actor) *cluster.Kind {
	return cluster.NewKind(name, actor.PropsFromProducerWithActorSystem(func(*actor.ActorSystem) actor.Actor {
		return &identified{make: make}
	}))
}

// identified becomes the actor of its identity, which protoactor tells only
// after the start.
type identified struct {
	make  func(wire.ID) actor.Actor
	actor actor.Actor
}

// Receive implements [actor.Actor].
func (i *identified) Receive(c actor.Context) {
	if i.actor == nil {
		id, err := wire.ParseID(cluster.GetClusterIdentity(c).Identity)
		if err != nil {
			panic(fmt.Sprintf("actors: a grain with the identity %q", cluster.GetClusterIdentity(c).Identity))
		}
		i.actor = i.make(id)
	}
	i.actor.Receive(c)
}

// System is protoactor's, for actors that serve no grain: the supervisors of outside
// services.
func (s *System) System() *actor.ActorSystem { return s.actors }

// Session starts the actor of a connection. tell puts a message into its mailbox.
func (s *System) Session(conn session.Conn, claims *session.Claims) (tell func(any)) {
	sess := session.New(s.deps.Session, conn, claims)
	pid := s.actors.Root.Spawn(actor.PropsFromProducer(func() actor.Actor { return sess }))
	return func(m any) { s.actors.Root.Send(pid, m) }
}
