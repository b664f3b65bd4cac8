package app

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"recall/actors/provider"
	"recall/actors/provider/catalog"
	"recall/actors/provider/catalog/catalogtest"
	"recall/actors/recall"
	"recall/actors/storetest"
	"recall/actors/thread"
	"recall/actors/user"
	"recall/server/config"
	double "recall/stress/emulator/services"
	"recall/wire"
)

// rig is everything of the program between a session and the outside services: the
// thread's grain, the engine with the shipped catalogue, the supervisors and the
// clients as [startServices] makes them. Outside stands their double; the store is
// in memory and the limits admit everything.
type rig struct {
	*testing.T
	ctx     context.Context // ends with the patience of the test
	cfg     config.Config
	double  *double.Services
	outside *services
	tally   *tally
	system  *actor.ActorSystem
	mem     *storetest.Memory
	media   drawer
	engine  *recall.Engine
	open    atomic.Int64 // slots of recalls that were not given back
	unequal bool         // no two people ask the same
	born    atomic.Int64 // numbers them then
	tasks   sync.WaitGroup
	settle  func() // returns when nothing goes on any more
}

// patience bounds a test that hangs; no result depends on it.
const patience = 3 * time.Minute

var keys = double.Keys{OpenAI: "sk-test", ACRCloud: "key", ACRCloudSecret: "secret", Shazam: "rapid", AudD: "token"}

// computing are the places of tests that compute rather than wait: more at once would
// only starve those of this package that wait for a server.
var computing = make(chan struct{}, 2)

func compute(t *testing.T) {
	computing <- struct{}{}
	t.Cleanup(func() { <-computing })
}

// inBubble runs a test on pipes and on a clock of its own.
func inBubble(t *testing.T, change func(*config.Config), test func(*rig)) {
	t.Helper()
	compute(t)
	shipped() // is read on the clock of the world
	synctest.Test(t, func(t *testing.T) {
		t.Cleanup(func() { time.Sleep(time.Minute) }) // of the bubble: what net/http and protoactor end a little later has ended
		r := newRig(t, newPipes(t), change)
		r.settle = synctest.Wait
		test(r)
	})
}

// onSockets runs a test on the loopback and on real time.
func onSockets(t *testing.T, change func(*config.Config), test func(*rig)) {
	t.Helper()
	compute(t)
	r := newRig(t, newLoopback(t), change)
	r.settle = r.untilIdle
	test(r)
}

func newRig(t *testing.T, n network, change func(*config.Config)) *rig {
	t.Helper()
	r := &rig{T: t, tally: newTally(), mem: storetest.NewMemory(), double: double.New(double.Options{Keys: keys, TokensPerSecond: -1})}
	r.ctx = t.Context()
	if _, real := n.(loopback); real {
		var cancel context.CancelFunc
		r.ctx, cancel = context.WithTimeout(t.Context(), patience)
		t.Cleanup(cancel)
	}
	r.configure(serve(t, n, r.double), change)
	r.start(n)
	return r
}

// configure points every service at the double. Answers are not kept, so that each
// recall asks anew.
func (r *rig) configure(url string, change func(*config.Config)) {
	c := config.Default()
	c.OpenAIURL, c.OpenAIKey = url+"/openai/v1", keys.OpenAI
	c.ACRCloudURL, c.ACRCloudKey, c.ACRCloudSecret = url+"/acrcloud", keys.ACRCloud, keys.ACRCloudSecret
	c.ShazamURL, c.ShazamKey = url+"/shazam", keys.Shazam
	c.AudDURL, c.AudDToken = url+"/audd", keys.AudD
	c.LyricsURL = url + "/lyrics"
	c.FFmpeg, c.AnswerCacheTTL = config.None, 0
	if change != nil {
		change(&c)
	}
	r.cfg = c
}

func (r *rig) start(n network) {
	quiet := slog.New(slog.DiscardHandler)
	r.system = actor.NewActorSystem(
		actor.WithLoggerFactory(func(*actor.ActorSystem) *slog.Logger { return quiet }),
		actor.WithDeadLetterThrottleInterval(time.Millisecond),
	)
	r.Cleanup(r.system.Shutdown)
	r.outside = startServices(r.cfg, (*tracing)(nil).outside, r.system, provider.Deps{Logger: quiet, Meter: r.tally}, &r.media)
	n.use(r.outside.http.Transport.(*http.Transport))
	r.Cleanup(r.outside.stop)
	r.engine = &recall.Engine{Services: r.outside.team, Sources: []recall.Source{catalog.Provider{Index: shipped()}}, Logger: quiet}
	r.Cleanup(r.tasks.Wait)
}

// shipped is the catalogue that ships with the program.
var shipped = sync.OnceValue(func() *catalog.Index {
	all, err := catalogtest.Starter("../../persistence/starter")
	if err != nil {
		panic(err)
	}
	index := catalog.New()
	index.Upsert(all...)
	return index
})

func (r *rig) newGrain(id wire.ID) *thread.Grain {
	quiet := slog.New(slog.DiscardHandler)
	return thread.NewGrain(id, thread.Deps{
		Config: thread.Config{Budget: r.cfg.RecallBudget}, Store: r.mem, Users: (*door)(r), Media: &r.media,
		Resolver: r.engine, Shelf: emptyShelf{}, Logger: quiet, Now: time.Now, Go: r.tasks.Go,
	})
}

// door admits everything and counts who has not left.
type door rig

func (d *door) Admit(_ context.Context, a wire.Recall) (user.Decision, error) {
	d.open.Add(1)
	return user.Decision{RecallID: a.ID, ThreadID: a.ThreadID, At: time.Now()}, nil
}
func (d *door) Release(wire.ID, user.Release) { d.open.Add(-1) }
func (d *door) ListChanged(wire.ID)           {}

// emptyShelf keeps nothing, so that what a test reads is what was stored.
type emptyShelf struct{}

func (emptyShelf) Book(wire.ID) (thread.Book, bool) { return thread.Book{}, false }
func (emptyShelf) Keep(wire.ID, thread.Book)        {}

// untilIdle waits until no call is under way, on either side.
func (r *rig) untilIdle() {
	r.Helper()
	r.eventually("calls are still under way", func() bool { return r.running() == 0 && r.unended() == 0 })
}

func (r *rig) running() (n int) {
	for _, s := range r.outside.all {
		st := s.Status()
		n += st.Running + st.Waiting
	}
	return n
}

// unended are the calls that the double has not seen the end of.
func (r *rig) unended() (n int) {
	for _, c := range r.double.Log() {
		if c.End.IsZero() {
			n++
		}
	}
	return n
}

// eventually waits for what no signal tells of.
func (r *rig) eventually(what string, holds func() bool) {
	r.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-r.ctx.Done():
			r.Fatal(what)
		}
	}
}
