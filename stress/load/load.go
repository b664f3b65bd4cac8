package load

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"recall/stress/device"
	"recall/stress/emulator/services"
	"recall/stress/judge"
	"recall/stress/world"
)

// load is a run under way.
type load struct {
	o      Options
	world  *world.World
	server *world.Server
	judge  *judge.Judge
	tally  *tally

	size      int // users
	users     []*user
	normal    *ring
	hammers   *ring
	connected atomic.Int64
	dials     chan struct{} // a place for each handshake under way
	group     sync.WaitGroup
	begun     atomic.Pointer[time.Time] // of the stages; nil before
	warmed    int64                     // recalls that ended in the warm-up
	watch     watch

	questions []string
	clips     [][]byte
}

// everyTenth user hammers, where the mix has any who do.
const everyTenth = 10

// dialsAtOnce keeps two cores busy, and a storm a storm.
const dialsAtOnce = 128

// The server's own defaults, which the judge holds it to.
var limits = judge.Limits{PerMinute: 10, PerHour: 100, AtOnce: 5}

func newLoad(o Options, w *world.World, s *world.Server) *load {
	l := &load{
		o: o, world: w, server: s, judge: judge.New(limits), tally: newTally(),
		size: o.Profile.Stages.Peak(), dials: make(chan struct{}, dialsAtOnce), questions: o.Questions, clips: clips(o.Profile.Mix),
	}
	random := func(stream uint64) *rand.Rand { return rand.New(rand.NewPCG(o.Seed, stream)) }
	l.normal, l.hammers = &ring{random: random(1)}, &ring{random: random(2), stay: hammering}
	for i := range l.size {
		u := newUser(l, i, o.Profile.Mix[Hammer] > 0 && i%everyTenth == everyTenth-1)
		l.users = append(l.users, u)
		if u.hammers {
			l.hammers.users = append(l.hammers.users, u)
		} else {
			l.normal.users = append(l.normal.users, u)
		}
	}
	return l
}

// clips are few: the load is about the server, and each is 200 to 500 KB.
func clips(m Mix) (all [][]byte) {
	if m[Voice] == 0 {
		return nil
	}
	for _, name := range []string{
		"speech:a song from the eighties about rain in Africa", "speech:what is that slow one with the long guitar at the end",
		"speech:it goes la la la and a woman sings about a river", "hum:Bohemian Rhapsody",
	} {
		all = append(all, services.Clip(name))
	}
	return all
}

func (l *load) question(luck uint64) string { return l.questions[luck%uint64(len(l.questions))] }

// dial opens a connection when there is a place for one more handshake.
func (l *load) dial(ctx context.Context, o device.LeanOptions) (*device.Lean, error) {
	select {
	case l.dials <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-l.dials }()
	return device.DialLean(ctx, l.server.WS(), o)
}

// start begins the time of the stages.
func (l *load) start() time.Time {
	now := time.Now()
	l.begun.Store(&now)
	return now
}

// elapsed is the time of the stages; 0 before it has begun.
func (l *load) elapsed() time.Duration {
	if begun := l.begun.Load(); begun != nil {
		return time.Since(*begun)
	}
	return 0
}

// back brings a user back whose connection was lost, as an app does.
func (l *load) back(u *user) {
	l.group.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), slowest)
		defer cancel()
		if err := u.connect(ctx, true); err != nil {
			l.tally.fail("coming back: %v", err)
		}
	})
}

// schedule lets everything of a plan happen at its time. A server that is late does not
// slow it down; how late it is itself is measured.
func (l *load) schedule(ctx context.Context, p Plan, begin time.Time, s *step) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for a := range p.Arrivals() {
		due := begin.Add(a.Due)
		if wait := time.Until(due); wait > 0 {
			timer.Reset(wait)
			select {
			case <-timer.C:
			case <-ctx.Done():
				return
			}
		}
		l.tally.lateness.Record(time.Since(due))
		l.act(ctx, a, due, s)
	}
}
