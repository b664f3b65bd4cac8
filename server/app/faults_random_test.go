package app

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"recall/actors/provider"
	"recall/server/config"
)

var stormSeed = flag.Uint64("faults.seed", 0, "play the storms of faults that follow from this number; 0: from a new one")

const storms = 4

func seed(t *testing.T) uint64 {
	t.Helper()
	n := *stormSeed
	for n == 0 {
		n = rand.Uint64()
	}
	t.Logf("to see this again: go test ./server/app -run '%s' -faults.seed=%d", t.Name(), n)
	return n
}

// Recalls of every kind, in several threads, with faults that come and go in every
// service, and people who change their minds: whatever happens, each recall ends once and
// in order, names only services that had a fault, and leaves nothing behind. When it is
// over, everything works again.
func TestRandomFaults(t *testing.T) {
	t.Parallel()
	first := seed(t)
	for i := range uint64(storms) {
		if raced && i > 1 {
			break
		}
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			inBubble(t, odd(i), func(r *rig) {
				r.double.SetPace(100, 200*time.Millisecond) // the longest answer then takes 10 s of 30
				(&storm{rig: r, seed: first + i, clock: true}).rage(6, 7)
				r.clears()
			})
		})
	}
}

// The same on real connections, where no time is spent but by stalls.
func TestRandomFaultsOnSockets(t *testing.T) {
	t.Parallel()
	first := seed(t)
	onSockets(t, func(c *config.Config) {
		for _, timeout := range []*time.Duration{&c.TranscribeTimeout, &c.IntentTimeout, &c.RecognizeTimeout, &c.AnswerTimeout, &c.LyricsTimeout, &c.StreamIdle} {
			*timeout = 2 * time.Second
		}
	}, func(r *rig) { (&storm{rig: r, seed: first}).rage(6, 4) })
}

// odd worlds have few places for each service, and a transcriber that streams.
func odd(i uint64) func(*config.Config) {
	return func(c *config.Config) {
		if i%2 == 1 {
			c.ServiceAtOnce, c.WhisperModel = 2, "gpt-4o-transcribe"
		}
	}
}

// storm is a rig with many people and bad luck. Each person's luck follows from the seed.
type storm struct {
	*rig
	seed  uint64
	clock bool // waiting costs nothing
}

func (s *storm) rage(people, recalls int) {
	s.Helper()
	var all sync.WaitGroup
	for i := range uint64(people) {
		v := &victim{person: s.person(), clock: s.clock, luck: rand.New(rand.NewPCG(s.seed, i))}
		all.Go(func() {
			for range recalls {
				v.turn()
			}
			v.wantWhole(v.asked...)
		})
	}
	all.Wait()
	s.double.ClearFaults()
	s.wantNothingLeft()
	if open, err := s.mem.ThreadsWithOpenRecalls(s.ctx); err != nil || len(open) != 0 {
		s.Errorf("recalls are open in the store: %v, %v", open, err)
	}
}

// clears: after the longest pause that a service may ask for, all of them serve again.
func (r *rig) clears() {
	r.Helper()
	time.Sleep(r.cfg.ServiceProbe + time.Minute)
	for range 2 { // the first call of each may be the trial, at which others are turned away
		for _, s := range scenes {
			r.crowd(1, s)
		}
	}
	for _, s := range r.outside.all {
		if st := s.Status(); st.State != provider.Closed || st.Failures != 0 {
			r.Errorf("%s does not recover: %+v", s.Name(), st)
		}
	}
	if end := r.once(scenes[3]); len(end.Degraded) != 0 {
		r.Errorf("degraded by %+v", end.Degraded)
	}
}
