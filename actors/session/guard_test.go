package session

import (
	"context"
	"testing"

	"go.opentelemetry.io/otel/trace"

	"recall/actors/grain"
	"recall/actors/thread"
	"recall/wire"
)

// When the server has more than it can do, or is about to go, a recall brings its refusal
// along: its thread knows whether it is a new one. All the rest is welcome.
func TestRecallBringsItsRefusalAlong(t *testing.T) {
	inWorld(t, upgraded, func(w *world) {
		w.see("welcome", "limits")
		w.answer(wire.OK{}, false)
		w.overload = &thread.Refusal{Error: wire.Errorf(wire.CodeUnavailable, "too much to do"), Reason: "recalls"}
		w.send("1", &wire.StartRecall{ThreadID: room})
		w.see("ok")
		w.send("2", &wire.CancelRecall{RecallID: alice})
		w.see("ok")
		w.draining = true
		w.send("3", &wire.StartRecall{ThreadID: room})
		w.see("ok")
		w.send("4", &wire.ThreadGet{ThreadID: room})
		w.see("ok")
		w.overload, w.draining = nil, false
		w.send("5", &wire.StartRecall{ThreadID: room})
		w.see("ok")
		if first, drains := w.asked[0].Refusal, w.asked[2].Refusal; first == nil || first.Reason != "recalls" || drains == nil || drains.Reason != "" || drains.Error.RetryAfterMS == 0 {
			t.Errorf("%+v, %+v", first, drains)
		}
		for _, i := range []int{1, 3, 4} {
			if w.asked[i].Refusal != nil {
				t.Errorf("%T is not welcome", w.asked[i].Command)
			}
		}
	})
}

// Only an app that starts, which goes on with nothing, will show its list at once.
func TestListIsWarmedForAnAppThatStarts(t *testing.T) {
	for name, c := range map[string]struct {
		claims func() *Claims
		hello  *wire.Hello
		want   int
	}{
		"starts":          {anonymous, &wire.Hello{Token: "alice"}, 1},
		"goes on":         {anonymous, &wire.Hello{Token: "alice", Resume: []wire.Resume{{ThreadID: room}}}, 0},
		"may yet go on":   {upgraded, nil, 0},
		"turns out fresh": {upgraded, &wire.Hello{}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, c.claims, func(w *world) {
				if c.claims() != nil {
					w.see("welcome", "limits")
				}
				if c.hello != nil {
					w.answer(wire.OK{}, false)
					w.send("h", c.hello)
				}
				w.places()
				if w.greeted != c.want {
					t.Errorf("greeted %d times, want %d", w.greeted, c.want)
				}
			})
		})
	}
}

// The span of a frame goes on to its thread, and to what the session itself asks.
func TestTraceTravelsWithTheRequest(t *testing.T) {
	inWorld(t, upgraded, func(w *world) {
		w.see("welcome", "limits")
		span := trace.SpanFromContext(trace.ContextWithSpanContext(t.Context(),
			trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}})))
		var carried []trace.Span
		answer := func(ctx context.Context, r *thread.Request) error {
			carried = append(carried, grain.TraceOf(ctx), r.Trace)
			return wire.Errorf(wire.CodeUnavailable, "enough")
		}
		w.toThread = answer
		w.receive(&Received{ID: "1", Command: &wire.ThreadGet{ThreadID: room}, Trace: span})
		w.see("unavailable")
		w.receive(&Received{ID: "2", Command: &wire.Judge{MessageID: alice}, Trace: span})
		w.see("unavailable")
		w.receive(&Received{ID: "3", Command: &wire.ThreadGet{ThreadID: room}})
		w.see("unavailable")
		for i, got := range carried {
			if traced := got != nil; traced != (i < 4) {
				t.Errorf("place %d: traced %v", i, traced)
			}
		}
		if len(carried) != 6 {
			t.Errorf("%d places", len(carried))
		}
	})
}
