package actors

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"
	"go.uber.org/goleak"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"recall/actors/grain"
	"recall/actors/recall"
	"recall/actors/session"
	"recall/actors/storetest"
	"recall/actors/thread"
	"recall/actors/user"
	"recall/wire"
)

// The one system of this package: starting a second one in a process is a data race
// inside protoactor, which sets gRPC's logger each time.
var system *System

var store = &counting{Memory: storetest.NewMemory()}

// idle is so short that grains end all the time.
const idle = time.Millisecond

// sleepless is a kind that never ends by itself.
const sleepless = "sleepless"

// echoing is a kind that answers what it is asked.
const echoing = "echoing"

func TestMain(m *testing.M) {
	system = start(slog.New(slog.DiscardHandler),
		newKind(sleepless, func(wire.ID) actor.Actor { return actor.ReceiveFunc(func(actor.Context) {}) }),
		newKind(echoing, func(wire.ID) actor.Actor { return actor.ReceiveFunc(echo) }))
	system.Use(Deps{
		Thread: thread.Deps{
			// Without debounce, so that only shared loads spare queries.
			Config: thread.Config{Idle: idle, Without: grain.Without{Debounce: true}}, Store: store, Resolver: nobody{}, Shelf: thread.NoShelf{},
			Logger: slog.New(slog.DiscardHandler), Now: time.Now,
		},
		User: user.Deps{
			Config: user.Config{Idle: idle, Meter: joins{}, PerMinute: 1 << 20, PerHour: 1 << 20, AtOnce: 1 << 20}, Store: store,
			Lists: keep.lists, Logger: slog.New(slog.DiscardHandler), Now: time.Now,
		},
		Session: session.Deps{Logger: slog.New(slog.DiscardHandler), Now: time.Now},
	})
	code := m.Run()
	system.Stop()
	if code == 0 {
		// Its throttles sleep on clocks of their own and end with them.
		if err := goleak.Find(
			goleak.IgnoreTopFunction("github.com/asynkron/protoactor-go/cluster.(*Gossiper).StartGossiping.NewThrottle.func3.1"),
			goleak.IgnoreTopFunction("github.com/asynkron/protoactor-go/actor.NewDeadLetter.NewThrottle.func4.1"),
		); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

func echo(c actor.Context) {
	if c.Sender() != nil {
		c.Respond(c.Message())
	}
}

type nobody struct{}

func (nobody) Resolve(context.Context, recall.Job, func(wire.Event)) recall.Outcome {
	return recall.Failed(wire.Errorf(wire.CodeInternal, "nobody resolves here"), nil)
}

// TestNothingIsLostWhileGrainsEnd: with grains that end a millisecond after each
// message, every message is taken by some activation.
func TestNothingIsLostWhileGrainsEnd(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			id := wire.NewID()
			for i := range 200 {
				if err := system.Wake(t.Context(), id); err != nil {
					t.Errorf("message %d to a thread that does not exist: %v", i, err)
				}
				if _, err := system.Limits(t.Context(), id); err != nil {
					t.Errorf("message %d to a user: %v", i, err)
				}
			}
		})
	}
	all.Wait()
}

// TestOneActivation: callers that come at once find one grain.
func TestOneActivation(t *testing.T) {
	t.Parallel()
	id, owner := wire.NewID(), wire.NewID()
	if _, err := store.Create(t.Context(), owner, wire.Thread{ID: id}); err != nil {
		t.Fatal(err)
	}
	before, _ := store.Activate(t.Context(), id)
	// A reply tells that the grain has read its row, which an acknowledgement does not.
	replies := make(chan struct{}, 50)
	peer := system.actors.Root.Spawn(actor.PropsFromFunc(func(c actor.Context) {
		if _, ok := c.Message().(*thread.Delivery); ok {
			replies <- struct{}{}
		}
	}))
	defer system.actors.Root.Stop(peer)
	from := thread.Peer{Address: peer.Address, ID: peer.Id}
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if err := system.Thread(t.Context(), id, &thread.Request{From: from, User: owner, Command: &wire.ThreadGet{ThreadID: id}}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for range 50 {
		<-replies
	}
	after, err := store.Activate(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	// Each activation raises the fence by one. A few may have ended in between; fifty
	// callers with a grain each would have raised it by fifty.
	if activations := after.Fence - before.Fence - 1; activations < 1 || activations > 25 {
		t.Errorf("50 callers made %d activations", activations)
	}
}

// TestPortIsClosed: protoactor listens for other members, and nobody gets in.
func TestPortIsClosed(t *testing.T) {
	t.Parallel()
	host, port, err := system.actors.GetHostPort()
	if err != nil {
		t.Fatal(err)
	}
	conn, err := grpc.NewClient(net.JoinHostPort(host, fmt.Sprint(port)), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	stream, err := conn.NewStream(t.Context(), &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, "/remote.Remoting/Receive")
	if err == nil {
		err = stream.RecvMsg(&struct{}{})
	}
	if status.Code(err) != codes.PermissionDenied {
		t.Errorf("another process got %v", err)
	}
}
