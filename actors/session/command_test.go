package session

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"recall/actors/thread"
	"recall/wire"
)

func TestCommandsFindTheirWay(t *testing.T) {
	inWorld(t, upgraded, func(w *world) {
		w.see("welcome", "limits")
		w.answer(wire.OK{}, false)
		for id, cmd := range map[string]wire.Command{
			"create": &wire.ThreadCreate{ThreadID: room}, "get": &wire.ThreadGet{ThreadID: room}, "update": &wire.ThreadUpdate{ThreadID: room},
			"delete": &wire.ThreadDelete{ThreadID: room}, "sub": &wire.ThreadSubscribe{ThreadID: room}, "unsub": &wire.ThreadUnsubscribe{ThreadID: room},
			"messages": &wire.MessagesList{ThreadID: room}, "recall": &wire.StartRecall{ThreadID: room}, "keep": &wire.StashEdit{ThreadID: room},
			"cancel": &wire.CancelRecall{RecallID: alice}, "judge": &wire.Judge{MessageID: alice},
		} {
			w.send(id, cmd)
			if seen := w.see("ok"); seen[0]["id"] != id {
				t.Errorf("%s: %v", id, seen)
			}
			last := len(w.asked) - 1
			if r := w.asked[last]; w.lookedUp[last] != room || r.User != alice || r.ID != id || r.Command != cmd {
				t.Errorf("%s: %+v to %s", id, r, w.lookedUp[last])
			}
		}
		w.send("threads", &wire.ThreadList{})
		w.see("threads")
		w.send("stash", &wire.StashList{})
		w.see("unavailable")
		w.send("open", &wire.MediaOpen{})
		w.see("media.opened")
		w.send("close", &wire.MediaClose{})
		w.see("not_found")
		w.send("nobody's", &wire.CancelRecall{RecallID: room})
		w.see("not_found")
		w.receive(&Received{ID: "faulty", Command: &wire.ThreadDelete{}, Fault: wire.Errorf(wire.CodeBadRequest, "thread_id: is required")})
		w.see("bad_request")
		if n := len(w.asked); n != 11 {
			t.Errorf("%d requests: one of them was not to be made", n)
		}
	})
}

func TestLimitsFollowEveryRecall(t *testing.T) {
	inWorld(t, upgraded, func(w *world) {
		w.see("welcome", "limits")
		w.answer(&wire.RecallAccepted{ThreadID: room}, true)
		w.send("1", &wire.StartRecall{ThreadID: room})
		w.see("recall.accepted", "limits")
		w.answer(wire.RateLimited(wire.PolicyMinute, time.Second), true)
		w.send("2", &wire.StartRecall{ThreadID: room})
		w.see("rate_limited", "limits")
		w.toThread = func(context.Context, *thread.Request) error { return wire.Errorf(wire.CodeUnavailable, "nobody there") }
		w.send("3", &wire.StartRecall{ThreadID: room})
		w.see("unavailable", "limits")
	})
}

// Limits that cannot be read are left out, and nothing is put into the mailbox.
func TestLimitsThatCannotBeRead(t *testing.T) {
	inWorld(t, upgraded, func(w *world) {
		w.see("welcome", "limits")
		w.limits = func(context.Context) ([]wire.Limit, error) { return nil, errors.New("down") }
		w.answer(&wire.RecallAccepted{ThreadID: room}, true)
		w.send("1", &wire.StartRecall{ThreadID: room})
		w.see("recall.accepted")
		w.bye(0)
	})
}

func TestFaultsOfOursAreNotShown(t *testing.T) {
	inWorld(t, upgraded, func(w *world) {
		w.see("welcome", "limits")
		w.toThread = func(context.Context, *thread.Request) error { return errors.New("password=1") }
		w.send("1", &wire.ThreadGet{ThreadID: room})
		if seen := w.see("internal"); seen[0]["message"] == "password=1" {
			t.Error("the message shows what belongs in the log")
		}
	})
}

// A thread that does not answer holds up nobody else, and no longer than its time.
func TestSlowCommandHoldsUpNothing(t *testing.T) {
	inWorld(t, upgraded, func(w *world) {
		w.see("welcome", "limits")
		w.toThread = func(ctx context.Context, _ *thread.Request) error {
			<-ctx.Done()
			return wire.Errorf(wire.CodeUnavailable, "slow")
		}
		w.send("slow", &wire.ThreadGet{ThreadID: room})
		w.send("fast", &wire.Ping{})
		w.see("pong")
		if p := w.places(); p["slow"] != 0 || p["fast"] != 1 {
			t.Errorf("places given back: %v", p)
		}
		time.Sleep(15 * time.Second)
		w.see("unavailable")
	})
}

func TestResumeFollowsWelcome(t *testing.T) {
	inWorld(t, anonymous, func(w *world) {
		w.answer(&wire.Subscribed{ThreadID: room, Epoch: "3"}, false)
		after := int64(7)
		w.send("h", &wire.Hello{Token: "alice", Resume: []wire.Resume{{ThreadID: room, Epoch: "3", AfterSeq: &after}, {ThreadID: bob}}})
		w.see("welcome", "limits", "subscribed", "subscribed")
		found := map[wire.ID]*wire.ThreadSubscribe{}
		for i, r := range w.asked {
			found[w.lookedUp[i]] = r.Command.(*wire.ThreadSubscribe)
		}
		if c := found[room]; c == nil || c.ThreadID != room || c.Epoch != "3" || *c.AfterSeq != 7 || found[bob].AfterSeq != nil {
			t.Errorf("asked %v", dump(found))
		}
	})
}

// What a client sends to one thread arrives in that order, also when the first
// one takes its time; another thread does not wait.
func TestOrderOfOneThread(t *testing.T) {
	inWorld(t, upgraded, func(w *world) {
		w.see("welcome", "limits")
		gate := make(chan struct{})
		w.toThread = func(_ context.Context, r *thread.Request) error {
			if r.ID == "1" {
				<-gate
			}
			return nil
		}
		w.send("1", &wire.ThreadCreate{ThreadID: room})
		w.send("2", &wire.StartRecall{ThreadID: room})
		w.send("3", &wire.ThreadGet{ThreadID: room})
		w.send("4", &wire.ThreadGet{ThreadID: bob})
		arrived := func(thread wire.ID) (ids string) {
			w.places() // waits until nothing moves
			for i, r := range w.asked {
				if w.lookedUp[i] == thread {
					ids += r.ID
				}
			}
			return ids
		}
		if got := arrived(room) + arrived(bob); got != "14" {
			t.Errorf("while the first is on its way: %s", got)
		}
		close(gate)
		if got := arrived(room) + arrived(bob); got != "1234" {
			t.Errorf("in the end: %s", got)
		}
	})
}

// The threads of a hello come one after the other, each when the client has taken
// what came before.
func TestResumeWaitsForTheClient(t *testing.T) {
	inWorld(t, anonymous, func(w *world) {
		w.answer(&wire.Subscribed{ThreadID: room, Epoch: "3"}, false)
		w.unread = make(chan struct{})
		w.send("h", &wire.Hello{Token: "alice", Resume: []wire.Resume{{ThreadID: room}, {ThreadID: bob}}})
		w.see("welcome", "limits")
		close(w.unread)
		w.see("subscribed", "subscribed")
	})
}

// A hello while another one's threads are being resumed begins anew, and forgets
// none of its own.
func TestSecondHelloResumesAllOfItsThreads(t *testing.T) {
	inWorld(t, anonymous, func(w *world) {
		w.answer(&wire.Subscribed{ThreadID: room, Epoch: "3"}, false)
		w.unread = make(chan struct{})
		w.send("h", &wire.Hello{Token: "alice", Resume: []wire.Resume{{ThreadID: room}, {ThreadID: room}}})
		w.see("welcome", "limits")
		w.send("h2", &wire.Hello{Resume: []wire.Resume{{ThreadID: alice}, {ThreadID: bob}}})
		w.see("welcome", "limits")
		close(w.unread)
		w.see("subscribed", "subscribed", "subscribed")
		if got := fmt.Sprint(w.lookedUp); got != fmt.Sprint([]wire.ID{room, alice, bob}) {
			t.Errorf("resumed %s", got)
		}
	})
}

// A place comes back with the thread's answer, not when the thread has taken the
// request: otherwise nothing would bound what a connection has under way.
func TestPlaceComesBackWithTheAnswer(t *testing.T) {
	inWorld(t, upgraded, func(w *world) {
		w.see("welcome", "limits")
		var taken *thread.Request
		w.toThread = func(_ context.Context, r *thread.Request) error { taken = r; return nil }
		w.send("1", &wire.ThreadGet{ThreadID: room})
		if p := w.places(); p["1"] != 0 {
			t.Errorf("before the answer: %v", p)
		}
		w.tell(&thread.Delivery{Frame: wire.Reply("1", wire.OK{}), Token: taken.Token})
		w.see("ok")
		if p := w.places(); p["1"] != 1 {
			t.Errorf("after the answer: %v", p)
		}
	})
}

// A recall that this connection began can be cancelled without asking the database.
func TestCancelKnowsItsOwnRecalls(t *testing.T) {
	inWorld(t, upgraded, func(w *world) {
		w.see("welcome", "limits")
		w.accepts = room // ThreadOfRecall knows no such recall
		w.answer(wire.OK{}, false)
		w.send("1", &wire.StartRecall{ThreadID: bob})
		w.see("ok")
		w.send("2", &wire.CancelRecall{RecallID: room})
		w.see("ok")
		if last := w.lookedUp[len(w.lookedUp)-1]; last != bob {
			t.Errorf("cancelled in %s", last)
		}
	})
}

func TestPlacesComeBackWhenTheClientGoes(t *testing.T) {
	inWorld(t, anonymous, func(w *world) {
		w.tokens["never"] = verdict{gate: make(chan struct{})}
		w.send("h", &wire.Hello{Token: "never"})
		w.send("1", &wire.Ping{})
		w.send("2", &wire.Hello{Token: "alice"})
		w.see() // what is left is judged by stop
	})
}

func TestEndsByTheServer(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]any{"moved": &thread.Disowned{ThreadID: room}, "restart": &Leave{RetryAfterMS: 1234}} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, upgraded, func(w *world) {
				w.see("welcome", "limits")
				w.tell(m)
				w.bye(wire.CloseRestart)
				if name == "restart" && (w.closed[0].RetryAfterMS != 1234 || !w.closed[0].Reconnect) {
					t.Error(dump(w.closed))
				}
			})
		})
	}
}

// A fault of ours costs the connection, and nothing of it is given back twice.
func TestCrash(t *testing.T) {
	inWorld(t, upgraded, func(w *world) {
		w.see("welcome", "limits")
		w.crash = true
		w.send("1", &wire.StartRecall{ThreadID: room})
		synctest.Wait()
		if len(w.closed) == 0 || w.closed[0].Code != wire.CloseRestart {
			t.Errorf("goodbyes: %s", dump(w.closed))
		}
	})
}
