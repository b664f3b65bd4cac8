package actors

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/asynkron/protoactor-go/actor"

	"recall/actors/grain"
	"recall/actors/storetest"
	"recall/actors/thread"
	"recall/wire"
)

// counting counts the queries of chosen threads and users, and makes them wait for
// their gate.
type counting struct {
	*storetest.Memory
	gates sync.Map // of *gate, by id
}

type gate struct {
	queries atomic.Int64
	open    chan struct{}
}

// watch counts from here on what is asked of id.
func (c *counting) watch(id wire.ID) *gate {
	g := &gate{open: make(chan struct{})}
	c.gates.Store(id, g)
	return g
}

func (c *counting) pass(id wire.ID) {
	if g, watched := c.gates.Load(id); watched {
		g.(*gate).queries.Add(1)
		<-g.(*gate).open
	}
}

// Page implements [thread.Store].
func (c *counting) Page(ctx context.Context, q wire.PageQuery) (wire.Page, error) {
	c.pass(q.ThreadID)
	return c.Memory.Page(ctx, q)
}

// Threads implements [user.Store].
func (c *counting) Threads(ctx context.Context, owner wire.ID, q wire.ThreadList) (*wire.Threads, error) {
	c.pass(owner)
	return c.Memory.Threads(ctx, owner, q)
}

// joined gets a token for each caller who joins another one's read of a list.
var joined = make(chan struct{}, 1024)

type joins struct{ grain.NoMeter }

func (joins) Coalesced(op string) {
	if op == "list_threads" {
		joined <- struct{}{}
	}
}

// everybody sends n things, by 50 senders at once.
func everybody(n int, send func(i int) error) error {
	const senders = 50
	faults := make(chan error, senders)
	for s := range senders {
		go func() {
			var fault error
			for i := s; i < n; i += senders {
				if err := send(i); err != nil {
					fault = err
				}
			}
			faults <- fault
		}()
	}
	var fault error
	for range senders {
		if err := <-faults; err != nil {
			fault = err
		}
	}
	return fault
}

// typeOf is a frame's type, with the code of an error.
func typeOf(f *wire.Frame) string {
	var seen struct{ Type, Code string }
	if err := json.Unmarshal(f.Bytes, &seen); err != nil {
		return err.Error()
	}
	return seen.Type + seen.Code
}

// TestTenThousandListsAreOneQuery: of many connections at once, all answered by what
// one query found.
func TestTenThousandListsAreOneQuery(t *testing.T) {
	t.Parallel()
	const all, connections = 10_000, 100
	id, owner := wire.NewID(), wire.NewID()
	if _, err := store.Create(t.Context(), owner, wire.Thread{ID: id}); err != nil {
		t.Fatal(err)
	}
	answers := make(chan string, all)
	var peers []thread.Peer
	for range connections {
		pid := system.actors.Root.Spawn(actor.PropsFromFunc(func(c actor.Context) {
			if d, ok := c.Message().(*thread.Delivery); ok {
				answers <- typeOf(d.Frame)
			}
		}))
		defer system.actors.Root.Stop(pid)
		peers = append(peers, thread.Peer{Address: pid.Address, ID: pid.Id})
	}
	ask := func(i int, c wire.Command) error {
		return system.Thread(t.Context(), id, &thread.Request{From: peers[i%connections], ID: fmt.Sprint(i), User: owner, Command: c})
	}
	// A subscriber keeps the thread awake: nobody is refused for want of a place in the
	// queue before its row.
	if err := ask(0, &wire.ThreadSubscribe{ThreadID: id}); err != nil {
		t.Fatal(err)
	}
	if got := <-answers; got != "subscribed" {
		t.Fatal(got)
	}
	g := store.watch(id)
	if err := everybody(all, func(i int) error { return ask(i, &wire.MessagesList{ThreadID: id}) }); err != nil {
		t.Fatal(err)
	}
	close(g.open)
	for range all {
		if got := <-answers; got != "messages" {
			t.Fatalf("somebody was answered %s", got)
		}
	}
	if n := g.queries.Load(); n != 1 {
		t.Errorf("%d queries", n)
	}
}

// TestListsOfOneUserAreOneQuery: callers that wait for the same page share its query.
func TestListsOfOneUserAreOneQuery(t *testing.T) {
	t.Parallel()
	owner := wire.NewID()
	g := store.watch(owner)
	var all sync.WaitGroup
	const callers = 100
	for range callers {
		all.Go(func() {
			if _, err := system.Threads(t.Context(), owner, &wire.ThreadList{}); err != nil {
				t.Error(err)
			}
		})
	}
	for range callers - 1 {
		<-joined
	}
	close(g.open)
	all.Wait()
	if n := g.queries.Load(); n != 1 {
		t.Errorf("%d queries", n)
	}
}
