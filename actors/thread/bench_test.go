package thread

import (
	"context"
	"fmt"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"recall/actors/recall"
	"recall/actors/storetest"
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

// progressOf is what a text recall says on its way: with what it is stored and
// ended with, some 40 events.
func progressOf() []wire.Event {
	said := []wire.Event{
		&wire.RecallStatus{Stage: wire.StageUnderstanding, Text: "Understanding the question"},
		&wire.RecallIntent{Intent: wire.IntentFindSong, Confidence: 0.82},
		&wire.RecallStatus{Stage: wire.StageSearching, Text: "Looking through the catalogue"},
	}
	for n := range 5 {
		said = append(said, offer(n+1, 0.5))
	}
	said = append(said, &wire.RecallStatus{Stage: wire.StageAnswering, Text: "Writing an answer"})
	for range 20 {
		said = append(said, &wire.AnswerDelta{Text: "a few words of it "})
	}
	return append(said, &wire.Answer{Text: "The whole answer.", Sources: []string{}, RelatedSongs: []wire.Related{}}, &wire.FollowUp{Text: "Who sang?"})
}

func conclusionOf() *wire.RecallCompleted {
	c := done(song(1, 0.5), song(2, 0.4), song(3, 0.4), song(4, 0.3), song(5, 0.3))
	c.Answer, c.FollowUp = &wire.Answer{Text: "The whole answer.", Sources: []string{"https://example.org/"}}, "Who sang?"
	return c
}

// BenchmarkRecall takes one whole recall of 40 events from the command to the end:
// through a state alone, and through a grain, its goroutines and the mailbox of one
// session, on a store that takes no time. Its events come together, as in a burst, or each when
// the one before has arrived, as most do in life: then each is a run of two actors. cpu-µs/op
// is of the whole process, on all processors.
func BenchmarkRecall(b *testing.B) {
	b.Run("state", recallInState)
	b.Run("together", func(b *testing.B) { recallInGrain(b, false) })
	b.Run("apart", func(b *testing.B) { recallInGrain(b, true) })
}

func recallInState(b *testing.B) {
	s := bare(b, 1)
	now, said, terminal := s.now, progressOf(), conclusionOf()
	b.ReportAllocs()
	for b.Loop() {
		request := wire.NewID()
		effects := s.Step(now, Request{From: Peer{ID: "peer-0"}, User: s.owner, Command: question(request, "that song")})
		id := effects[len(effects)-1].(Admit).Recall.ID
		s.Step(now, Admitted{Request: request, RecallID: id, Decision: user.Decision{RecallID: id, At: now}})
		s.Step(now, Committed{})
		s.Step(now, Loaded{})
		for _, e := range said {
			s.Step(now, Progress{RecallID: id, Event: e})
		}
		s.Step(now, Resolved{RecallID: id, Outcome: recall.Outcome{Terminal: terminal}})
		s.Step(now, Committed{})
	}
	if s.recalls.any() {
		b.Fatal("recalls are left")
	}
}

// instant is a store that takes everything and keeps nothing.
type instant struct{ *storetest.Memory }

func (instant) Commit(context.Context, *wire.Commit) error { return nil }

func (instant) Page(context.Context, wire.PageQuery) (wire.Page, error) { return wire.Page{}, nil }

// onInstant puts a stage's thread on such a store.
func onInstant(d *Deps) { d.Store = instant{d.Store.(*storetest.Memory)} }

func recallInGrain(b *testing.B, apart bool) {
	said, terminal := progressOf(), conclusionOf()
	arrived := make(chan struct{}, 100)
	resolve := func(_ context.Context, _ recall.Job, emit func(wire.Event)) recall.Outcome {
		for _, e := range said {
			for len(arrived) > 0 {
				<-arrived
			}
			emit(e)
			if apart {
				<-arrived
			}
		}
		return recall.Outcome{Terminal: terminal}
	}
	s := newStageOf(b, Config{}, resolve, onInstant)
	peer := s.peer(func(*Delivery) {
		select {
		case arrived <- struct{}{}:
		default:
		}
	})
	b.ReportAllocs()
	before := processor()
	for b.Loop() {
		s.system.Root.Send(s.thread, &Request{From: peer, User: s.owner, Command: question(wire.NewID(), "that song")})
		<-s.users.released
	}
	b.ReportMetric(float64((processor()-before).Microseconds())/float64(b.N), "cpu-µs/op")
}

// processor is how long the process has been running on any processor.
func processor() time.Duration {
	var use syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &use)
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

// peer is a session that hands over what it is sent.
func (s *stage) peer(got func(*Delivery)) Peer {
	pid := s.system.Root.Spawn(actor.PropsFromFunc(func(ctx actor.Context) {
		if d, ok := ctx.Message().(*Delivery); ok {
			got(d)
		}
	}))
	return Peer{Address: pid.Address, ID: pid.Id}
}

// BenchmarkFanOut takes one event of a running recall through a grain to the
// mailboxes of n sessions.
func BenchmarkFanOut(b *testing.B) {
	for _, n := range []int{1, 10, 200} {
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
		peer := s.peer(func(*Delivery) { got.Done() })
		s.system.Root.Send(s.thread, &Request{From: peer, User: s.owner, Command: &wire.ThreadSubscribe{}})
	}
	got.Wait()
	b.ReportAllocs()
	for b.Loop() {
		got.Add(n)
		s.system.Root.Send(s.thread, Progress{RecallID: id, Event: &wire.AnswerDelta{Text: "a few words of it "}})
		got.Wait()
	}
}

// BenchmarkGrainRequest asks a grain that is awake, and one that wakes for it and ends.
func BenchmarkGrainRequest(b *testing.B) {
	s := newStage(b, Config{}, completes)
	request := &Request{From: s.peer(func(*Delivery) {}), User: s.owner, Command: &wire.ThreadGet{ThreadID: s.id}}
	ask := func(b *testing.B, pid *actor.PID) {
		if _, err := s.system.Root.RequestFuture(pid, request, time.Minute).Result(); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("awake", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			ask(b, s.thread)
		}
	})
	b.Run("activation", func(b *testing.B) {
		deps := Deps{Store: s.mem, Users: s.users, Shelf: &shelfOf{}, Logger: s.system.Logger(), Now: time.Now, Go: s.tasks.Go}
		b.ReportAllocs()
		for b.Loop() {
			pid := s.system.Root.Spawn(actor.PropsFromProducer(func() actor.Actor { return NewGrain(s.id, deps) }))
			ask(b, pid)
			_ = s.system.Root.StopFuture(pid).Wait()
		}
	})
}

// BenchmarkPage answers messages.list with 50 messages: from the book, and from the
// fake store (of which Step's part is what it adds).
func BenchmarkPage(b *testing.B) {
	r := newRig(b, Config{})
	var postings []*wire.Posting
	for n := range int64(wire.MaxMessages) {
		c := song(int(n), 0.5)
		postings = append(postings, &wire.Posting{
			ID: r.newID(), ThreadID: r.id, Seq: n + 1, Role: wire.RoleAssistant, Type: wire.TypeCandidate, Text: "a song",
			Candidate: &c, Confidence: &c.Confidence, SongTitle: c.Title, SongArtist: c.Artist, CreatedAt: wire.At(r.now),
		})
	}
	commit := &wire.Commit{ThreadID: r.id, Owner: r.owner, Fence: r.state.fence, Seq: wire.MaxMessages, Postings: postings}
	if err := r.mem.Commit(context.Background(), commit); err != nil {
		b.Fatal(err)
	}
	r.wake()
	request := Request{From: ann, User: r.owner, Command: &wire.MessagesList{ThreadID: r.id}}
	b.Run("store", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			clear(r.shelf)
			clear(r.state.bursts)
			load := r.state.Step(r.now, request)[0].(Load)
			p, _ := r.mem.Page(context.Background(), load.Query)
			r.state.Step(r.now, Loaded{Key: load.Key, Page: p})
		}
	})
	b.Run("cache", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if len(r.state.Step(r.now, request)) != 1 {
				b.Fatal("not from the book")
			}
		}
	})
}
