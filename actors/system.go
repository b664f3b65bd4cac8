package actors

import (
	"context"
	"log/slog"
	"time"

	"github.com/asynkron/protoactor-go/actor"
	"github.com/asynkron/protoactor-go/cluster"
	"github.com/asynkron/protoactor-go/remote"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"recall/actors/crew"
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
	runners dispatcher
	actors  *actor.ActorSystem
	cluster *cluster.Cluster
	lookup  *lookup
	replies *replies
	users   func(wire.ID) *user.Grain
	tasks   *crew.Crew // wait for the database or a provider
	life    context.Context
	end     context.CancelFunc
}

// Start brings the actor system up as a cluster of one member. It takes about a
// second, nearly all of it protoactor's wait for a topology, so that callers
// start the rest meanwhile.
func Start(logger *slog.Logger) *System { return start(logger) }

// start is Start with kinds that only tests have.
func start(logger *slog.Logger, more ...*kind) *System {
	s := &System{logger: logger, runners: newDispatcher(), tasks: crew.New(waitingTasks)}
	kinds := append([]*kind{newKind(thread.Kind, s.newThread), newKind(user.Kind, s.newUser)}, more...)
	for _, k := range kinds {
		k.run(s.runners)
	}
	s.lookup = newLookup(kinds)
	s.life, s.end = context.WithCancel(context.Background())
	s.actors = actor.NewActorSystem(actor.WithLoggerFactory(func(*actor.ActorSystem) *slog.Logger { return quiet(logger) }))
	shrink(s.actors.ProcessRegistry)
	s.replies = newReplies(s.actors.ProcessRegistry)
	s.cluster = cluster.New(s.actors, cluster.Configure("recall", single{}, s.lookup, remote.Configure("127.0.0.1", 0, remote.WithServerOptions(closed()...)),
		cluster.WithKinds(inCluster(kinds)...)))
	s.cluster.StartMember()
	return s
}

// Use gives the actors what they work with. It comes before the first session.
func (s *System) Use(deps Deps) {
	s.deps = deps
	s.deps.Thread.Users, s.deps.Thread.Go, s.deps.Thread.Life, s.deps.Thread.Leave = s, s.tasks.Go, s.life, s.leaving(thread.Kind)
	s.deps.User.Go, s.deps.User.Life, s.deps.User.Leave = s.tasks.Go, s.life, s.leaving(user.Kind)
	s.deps.User.Unwoken = s.unwoken
	s.users = user.Grains(s.deps.User)
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
	s.tasks.Stop()
	s.runners.Stop()
}

func (s *System) newThread(id wire.ID) actor.Actor { return thread.NewGrain(id, s.deps.Thread) }
func (s *System) newUser(id wire.ID) actor.Actor   { return s.users(id) }

// farewell is how long a grain that has ended still answers those who found it
// just before: longer than anybody is between finding it and sending.
const farewell = 100 * time.Millisecond

// leaving is how grains of a kind end. One cannot be found from here on, and what comes
// to it nevertheless is answered with [grain.Moved] for a while: protoactor would drop
// what lies behind a stop without a word.
func (s *System) leaving(kind string) func(actor.Context) {
	return func(c actor.Context) {
		pid := c.Self()
		s.lookup.Leave(address{kind, served(pid)}, pid)
		time.AfterFunc(farewell, func() { s.actors.Root.Poison(pid) })
	}
}

func (s *System) unwoken(c actor.Context, do func()) {
	s.lookup.Unwoken(address{user.Kind, served(c.Self())}, c.Self(), do)
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

// System is protoactor's, for actors that serve no grain: the supervisors of outside
// services.
func (s *System) System() *actor.ActorSystem { return s.actors }

// Session starts the actor of a connection. tell puts a message into its mailbox.
func (s *System) Session(conn session.Conn, claims *session.Claims) (tell func(any)) {
	sess := session.New(&s.deps.Session, conn, claims)
	pid := s.actors.Root.Spawn(actor.PropsFromProducer(func() actor.Actor { return sess },
		actor.WithMailbox(newMailbox), actor.WithDispatcher(s.runners)))
	return func(m any) { s.actors.Root.Send(pid, m) }
}
