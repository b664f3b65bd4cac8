package thread

import (
	"fmt"
	"sync"
	"testing"

	"github.com/asynkron/protoactor-go/actor"

	"recall/actors/recall"
	"recall/actors/user"
	"recall/wire"
)

// bare is a ready state with n subscribers whose effects nobody carries out.
func bare(b *testing.B, n int) *State {
	r := newRig(b, Config{})
	for i := range n {
		r.subscribe(Peer{ID: fmt.Sprint("peer-", i)})
	}
	r.cfg.Meter = nil
	return r.state
}

// BenchmarkStepRecall takes one whole recall through a state: from the command to
// the end, with a candidate and ten pieces of an answer on the way.
func BenchmarkStepRecall(b *testing.B) {
	s := bare(b, 1)
	now := s.now
	terminal := done(song(1, 0.5))
	b.ReportAllocs()
	for b.Loop() {
		request := wire.NewID()
		effects := s.Step(now, Request{From: Peer{ID: "peer-0"}, User: s.owner, Command: question(request, "that song")})
		id := effects[len(effects)-1].(Admit).Recall.ID
		s.Step(now, Admitted{Request: request, RecallID: id, Decision: user.Decision{RecallID: id, At: now}})
		s.Step(now, Committed{})
		s.Step(now, Loaded{})
		s.Step(now, Progress{RecallID: id, Event: offer(1, 0.5)})
		for range 10 {
			s.Step(now, Progress{RecallID: id, Event: &wire.AnswerDelta{Text: "word "}})
		}
		s.Step(now, Resolved{RecallID: id, Outcome: recall.Outcome{Terminal: terminal}})
		s.Step(now, Committed{})
	}
	if s.recalls.any() {
		b.Fatal("recalls are left")
	}
}

// BenchmarkFanOut takes one event of a running recall through a grain to the
// mailboxes of n sessions.
func BenchmarkFanOut(b *testing.B) {
	for _, n := range []int{1, 10, 100} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { fanOut(b, n) })
	}
}

func fanOut(b *testing.B, n int) {
	s := newStage(b, Config{}, untilStopped)
	c := s.client()
	c.send("r", question(wire.NewID(), "x"))
	id := c.until("recall.status").RecallID
	c.send("u", &wire.ThreadUnsubscribe{})
	c.until("ok")
	var got sync.WaitGroup
	got.Add(n) // the replies
	for range n {
		pid := s.system.Root.Spawn(actor.PropsFromFunc(func(ctx actor.Context) {
			if _, ok := ctx.Message().(*Delivery); ok {
				got.Done()
			}
		}))
		s.system.Root.Send(s.thread, &Request{From: Peer{Address: pid.Address, ID: pid.Id}, User: s.owner, Command: &wire.ThreadSubscribe{}})
	}
	got.Wait()
	b.ReportAllocs()
	for b.Loop() {
		got.Add(n)
		s.system.Root.Send(s.thread, Progress{RecallID: id, Event: &wire.AnswerDelta{Text: "a few words of it "}})
		got.Wait()
	}
}
