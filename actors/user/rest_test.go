package user

import (
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"recall/actors/grain"
	"recall/wire"
)

// rested is a user with a kept first page who then rests.
func rested(t *testing.T) (*State, Lists) {
	lists := &kept{}
	s := New(Config{}, lists)
	read := only(t, s.Step(start, firstPage(1)), "", false)
	s.Step(start, Listed{Key: read.Key, Threads: &wire.Threads{}})
	if !stops(s.Step(start.Add(time.Hour), Idle{})) {
		t.Fatal("it does not rest")
	}
	return s, lists
}

// What was kept goes along with the activation that ends, and comes back after its last
// message: in between somebody who wakes finds nothing that a change on its way to the
// old activation might concern.
func TestPagesGoAlongAndComeBack(t *testing.T) {
	t.Parallel()
	s, lists := rested(t)
	if _, ok := lists.Get(); ok {
		t.Fatal("the next activation finds pages that a change may be on its way to")
	}
	if moved := call(s, start, List{Command: &wire.ThreadList{}}); moved == nil {
		t.Fatal("no answer")
	} else if _, ok := moved.(*grain.Moved); !ok {
		t.Fatalf("%+v", moved)
	}
	if pages, ok := s.Rest(); !ok || pages.ByCursor[""] == nil || !pages.Since.Equal(start) {
		t.Fatalf("%+v", pages)
	}
}

// A change that reaches the activation behind its end spoils what it would lay back,
// and nothing that the next one has.
func TestChangeBehindTheEndIsNotMissed(t *testing.T) {
	t.Parallel()
	s, lists := rested(t)
	lists.Keep(Pages{}.with("", &wire.Threads{})) // the next activation's
	if e := s.Step(start, Call{Body: ListChanged{}}); len(e) != 0 {
		t.Fatalf("%+v", e)
	}
	if _, ok := s.Rest(); ok {
		t.Fatal("an old page is laid back")
	}
	if _, ok := lists.Get(); !ok {
		t.Fatal("the next activation's page is gone")
	}
}

// The next activation uses what was laid back, until the change that woke it or any
// later one.
func TestNextActivationGoesOnWithThePages(t *testing.T) {
	t.Parallel()
	s, lists := rested(t)
	pages, _ := s.Rest()
	lists.Keep(pages)
	next := New(Config{}, lists)
	if e := next.Step(start, firstPage(1)); len(e) != 1 {
		t.Fatalf("read again: %+v", e)
	}
	next.Step(start, Call{Body: ListChanged{}})
	only(t, next.Step(start, firstPage(1)), "", false)
}

// Grains: pages come back only when nobody is awake, and not after a crash.
func TestGrainLaysItsPagesBack(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		end     func(s *stage)
		awake   bool
		survive bool
	}{
		"rest":              {end: func(s *stage) { s.system.Root.Send(s.user, Idle{}); <-s.stopped }, survive: true},
		"somebody is awake": {end: func(s *stage) { s.system.Root.Send(s.user, Idle{}); <-s.stopped }, awake: true},
		"change": {end: func(s *stage) {
			s.system.Root.Send(s.user, &ListChanged{})
			s.system.Root.Send(s.user, Idle{})
			<-s.stopped
		}},
		"stopped": {end: func(s *stage) { _ = s.system.Root.StopFuture(s.user).Wait() }},
		"crash": {end: func(s *stage) {
			s.system.Root.Send(s.user, &List{}) // names no command: a panic
			s.ask(&ShowLimits{})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, Config{}, func(s *stage) {
				s.unwoken = func(_ actor.Context, do func()) {
					if !c.awake {
						do()
					}
				}
			})
			if l := s.ask(&List{Command: &wire.ThreadList{}}).(Listing); l.Err != nil {
				t.Fatal(l.Err)
			}
			c.end(s)
			if _, ok := s.lists.Get(); ok != c.survive {
				t.Errorf("pages are there: %v", ok)
			}
		})
	}
}
