package session

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"recall/actors/thread"
	"recall/wire"
)

// world is one session with everything around it scripted. It lives in a synctest
// bubble: time stands still until everybody waits, so that nothing depends on speed.
type world struct {
	accepts wire.ID       // the recall of every answer
	unread  chan struct{} // what was sent is not read until it is closed; nil: at once
	t       *testing.T
	root    *actor.RootContext
	pid     *actor.PID
	tasks   sync.WaitGroup
	tokens  map[string]verdict

	greeted         int // how often limits were asked for an app that starts
	entries, leaves int // how often a user's place was taken and given back

	full, draining bool
	overload       *thread.Refusal
	stopped        bool
	crash          bool // the next question whether we drain panics
	lookedUp       []wire.ID

	mu     sync.Mutex
	frames []map[string]any // what the client was sent since the last look
	closed []*wire.Goodbye
	placed map[string]int // times that a command's place was given back
	asked  []*thread.Request

	shelf    shelf
	channel  uint32
	limits   func(context.Context) ([]wire.Limit, error)
	toThread func(context.Context, *thread.Request) error
}

// verdict is what the verifier says of a token, once gate is open.
type verdict struct {
	claims Claims
	err    error
	gate   chan struct{}
}

var (
	alice = wire.NewID()
	bob   = wire.NewID()
	room  = wire.NewID()
)

// inWorld runs a test on a fresh session; claims are those of the upgrade.
func inWorld(t *testing.T, claims func() *Claims, script func(*world)) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, placed: map[string]int{}}
		w.tokens = map[string]verdict{
			"alice":   {claims: Claims{alice, time.Now().Add(time.Hour)}},
			"later":   {claims: Claims{alice, time.Now().Add(3 * time.Hour)}},
			"bob":     {claims: Claims{bob, time.Now().Add(time.Hour)}},
			"expired": {err: wire.Errorf(wire.CodeTokenExpired, "token: expired")},
			"down":    {err: wire.Errorf(wire.CodeUnavailable, "token: no keys")},
			"odd":     {err: context.DeadlineExceeded},
		}
		w.limits = func(context.Context) ([]wire.Limit, error) {
			return []wire.Limit{{Policy: wire.PolicyMinute, Limit: 10, Remaining: 9}}, nil
		}
		w.toThread = func(context.Context, *thread.Request) error { return nil }
		w.start(claims)
		script(w)
		w.stop()
	})
}

func upgraded() *Claims  { return &Claims{alice, time.Now().Add(time.Hour)} }
func anonymous() *Claims { return nil }

func (w *world) start(claims func() *Claims) {
	system := actor.NewActorSystem(actor.WithLoggerFactory(func(*actor.ActorSystem) *slog.Logger { return slog.New(slog.DiscardHandler) }))
	w.root = system.Root
	sess := New(&Deps{
		Config: Config{HelloTimeout: 10 * time.Second, Heartbeat: 25 * time.Second, Timeout: 15 * time.Second},
		Verify: w.verify, Grains: w, Store: w, Media: &w.shelf, Admit: w.admit, Draining: w.isDraining, Overloaded: w.isOverloaded,
		Logger: slog.New(slog.DiscardHandler), Now: time.Now, Go: w.tasks.Go,
	}, w, claims())
	w.pid = w.root.Spawn(actor.PropsFromProducer(func() actor.Actor { return sess }, actor.WithMailbox(actor.Unbounded(w))))
	synctest.Wait()
}

func (w *world) verify(ctx context.Context, token string) (Claims, error) {
	v, known := w.tokens[token]
	if !known {
		return Claims{}, wire.Errorf(wire.CodeUnauthorized, "token: bad")
	}
	if v.gate != nil {
		select {
		case <-v.gate:
		case <-ctx.Done():
			return Claims{}, ctx.Err()
		}
	}
	return v.claims, v.err
}

func (w *world) admit(Conn, wire.ID) (func(), bool) {
	if w.full {
		return nil, false
	}
	w.entries++
	return func() { w.leaves++ }, true
}

// Drained implements [Conn]: the scripted client reads at once, unless held.
func (w *world) Drained(ctx context.Context) error {
	if w.unread == nil {
		return nil
	}
	select {
	case <-w.unread:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *world) isDraining() bool {
	if w.crash {
		w.crash = false
		panic("scripted crash")
	}
	return w.draining
}

func (w *world) isOverloaded() *thread.Refusal { return w.overload }

// send hands frames in, as the gateway does. The name of a command is its id.
func (w *world) send(ids string, cmd wire.Command) { w.receive(&Received{ID: ids, Command: cmd}) }

func (w *world) receive(r *Received) {
	w.mu.Lock()
	w.placed[r.ID] += 0
	w.mu.Unlock()
	r.Done = func() { w.mu.Lock(); w.placed[r.ID]++; w.mu.Unlock() }
	w.root.Send(w.pid, r)
}

// tell puts any message into the mailbox and waits until nothing moves.
func (w *world) tell(m any) {
	w.root.Send(w.pid, m)
	synctest.Wait()
}

// stop ends the session; then every place has been given back once, and the user's.
func (w *world) stop() {
	w.t.Helper()
	if w.stopped {
		return
	}
	w.stopped = true
	w.root.Send(w.pid, &Gone{})
	_ = w.root.StopFuture(w.pid).Wait()
	w.tasks.Wait()
	time.Sleep(time.Minute) // of the bubble: protoactor counts dead letters for a while
	for id, n := range w.placed {
		if n != 1 {
			w.t.Errorf("the place of %q was given back %d times", id, n)
		}
	}
	if w.entries != w.leaves {
		w.t.Errorf("the user's places: %d taken, %d given back", w.entries, w.leaves)
	}
}

// see waits until nothing moves and compares the types of what was sent with want.
func (w *world) see(want ...string) []map[string]any {
	w.t.Helper()
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	got := make([]string, 0, len(w.frames))
	for _, f := range w.frames {
		name := fmt.Sprint(f["type"])
		if name == "error" {
			name = fmt.Sprint(f["code"])
		}
		got = append(got, name)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		w.t.Errorf("the client was sent %v, want %v", got, want)
	}
	frames := w.frames
	w.frames = nil
	return append(frames, make([]map[string]any, len(want))...)
}

// bye wants exactly one goodbye; 0 wants none.
func (w *world) bye(code wire.CloseCode) {
	w.t.Helper()
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.closed) == 0 && code == 0 {
		return
	}
	if len(w.closed) != 1 || w.closed[0].Code != code {
		w.t.Errorf("goodbyes: %v, want %d", dump(w.closed), code)
	}
}

func dump(v any) string { b, _ := json.Marshal(v); return string(b) }
