package session

import (
	"context"
	"errors"
	"testing"
	"time"

	"recall/wire"
)

func TestHelloIsWelcomed(t *testing.T) {
	inWorld(t, anonymous, func(w *world) {
		w.see()
		w.send("h", &wire.Hello{Token: "alice"})
		seen := w.see("welcome", "limits")
		if seen[0]["id"] != "h" || seen[0]["user_id"] != alice.String() || seen[0]["heartbeat_ms"] != 25_000.0 ||
			seen[0]["max_frame_bytes"] != 65_536.0 || seen[0]["limits"] == nil || seen[1]["policies"] == nil {
			t.Errorf("%v", seen)
		}
		if at := wire.At(w.tokens["alice"].claims.ExpiresAt); seen[0]["token_expires_at"] != at.Format("2006-01-02T15:04:05.000Z") {
			t.Errorf("the token ends at %v, told %v", at, seen[0]["token_expires_at"])
		}
		w.send("p", &wire.Ping{})
		if seen := w.see("pong"); seen[0]["id"] != "p" || seen[0]["server_time"] == nil {
			t.Errorf("%v", seen)
		}
	})
}

func TestHeaderNeedsNoHello(t *testing.T) {
	inWorld(t, upgraded, func(w *world) {
		if seen := w.see("welcome", "limits"); seen[0]["id"] != nil {
			t.Errorf("a welcome that nobody asked for has an id: %v", seen[0])
		}
		w.send("h", &wire.Hello{}) // asks for it all the same
		if seen := w.see("welcome", "limits"); seen[0]["id"] != "h" {
			t.Errorf("%v", seen[0])
		}
		w.send("p", &wire.Ping{})
		w.see("pong")
		w.bye(0)
	})
}

func TestNothingBeforeHello(t *testing.T) {
	inWorld(t, anonymous, func(w *world) {
		for _, cmd := range []wire.Command{&wire.Ping{}, &wire.AuthRefresh{Token: "alice"}, &wire.StartRecall{}, &wire.ThreadList{}} {
			w.send("c", cmd)
			w.see("unauthorized")
			delete(w.placed, "c")
		}
		w.receive(&Received{ID: "f", Command: &wire.ThreadGet{}, Fault: wire.Errorf(wire.CodeBadRequest, "thread_id: is required")})
		w.see("unauthorized")
		w.receive(&Received{ID: "u", Fault: wire.Errorf(wire.CodeUnknownType, "what")})
		w.see("unauthorized")
		w.receive(&Received{ID: "m", Fault: wire.Errorf(wire.CodeBadRequest, "malformed JSON")}) // is no command
		w.see("bad_request")
		w.bye(0)
		w.send("h", &wire.Hello{Token: "alice"}) // and can still sign in
		w.see("welcome", "limits")
	})
}

func TestFaultyHelloNamesItsField(t *testing.T) {
	inWorld(t, anonymous, func(w *world) {
		w.receive(&Received{ID: "h", Command: &wire.Hello{}, Fault: wire.Errorf(wire.CodeBadRequest, "resume: must be a list")})
		w.see("bad_request")
		w.bye(0)
	})
}

func TestPipelinedBehindHello(t *testing.T) {
	inWorld(t, anonymous, func(w *world) {
		gate := make(chan struct{})
		w.tokens["slow"] = verdict{claims: Claims{alice, time.Now().Add(time.Hour)}, gate: gate}
		w.send("h", &wire.Hello{Token: "slow"})
		w.send("1", &wire.Ping{})
		w.receive(&Received{ID: "2", Fault: wire.Errorf(wire.CodeUnknownType, "what")})
		w.send("3", &wire.AuthRefresh{Token: "later"})
		w.send("4", &wire.Ping{})
		w.see()
		close(gate)
		seen := w.see("welcome", "limits", "pong", "unknown_type", "ok", "pong")
		for i, id := range []any{"h", nil, "1", "2", "3", "4"} {
			if seen[i]["id"] != id {
				t.Errorf("reply %d is to %v, want %v", i, seen[i]["id"], id)
			}
		}
	})
}

func TestPipelinedBehindUpgrade(t *testing.T) {
	inWorld(t, upgraded, func(w *world) {
		w.see("welcome", "limits")
		gate := make(chan struct{})
		w.limits = func(context.Context) ([]wire.Limit, error) { <-gate; return nil, errors.New("gone") }
		w.send("h", &wire.Hello{})
		w.send("1", &wire.Ping{})
		w.see()
		close(gate)
		w.see() // neither welcomed again nor heard: the connection ends
		w.bye(wire.CloseOverload)
	})
}

func TestBadTokens(t *testing.T) {
	t.Parallel()
	for token, want := range map[string]struct {
		answer string
		close  wire.CloseCode
	}{
		"":        {"unauthorized", wire.CloseUnauthorized},
		"forged":  {"unauthorized", wire.CloseUnauthorized},
		"expired": {"token_expired", wire.CloseTokenExpired},
		"down":    {"unavailable", wire.CloseOverload}, // nothing wrong with the token: come back
		"odd":     {"internal", wire.CloseOverload},
	} {
		t.Run(token, func(t *testing.T) {
			inWorld(t, anonymous, func(w *world) {
				w.send("h", &wire.Hello{Token: token})
				w.send("1", &wire.AuthRefresh{Token: "alice"})
				if seen := w.see(append([]string{want.answer}, map[bool][]string{true: {"unauthorized"}}[token == ""]...)...); seen[0]["id"] != "h" {
					t.Errorf("%v", seen)
				}
				w.bye(want.close)
			})
		})
	}
}

func TestNoHelloInTime(t *testing.T) {
	inWorld(t, anonymous, func(w *world) {
		w.send("p", &wire.Ping{}) // talk is no hello
		w.see("unauthorized")
		time.Sleep(10*time.Second - time.Millisecond)
		w.bye(0)
		time.Sleep(time.Millisecond)
		w.bye(wire.CloseUnauthorized)
	})
}

// A hello that came in time is judged, however long that takes.
func TestHelloJustInTime(t *testing.T) {
	inWorld(t, anonymous, func(w *world) {
		gate := make(chan struct{})
		w.tokens["slow"] = verdict{claims: Claims{alice, time.Now().Add(time.Hour)}, gate: gate}
		time.Sleep(9 * time.Second)
		w.send("h", &wire.Hello{Token: "slow"})
		time.Sleep(3 * time.Second)
		close(gate)
		w.see("welcome", "limits")
		w.bye(0)
	})
}

func TestTooManyConnections(t *testing.T) {
	inWorld(t, anonymous, func(w *world) {
		w.full = true
		w.send("h", &wire.Hello{Token: "alice"})
		w.send("1", &wire.Ping{})
		w.see()
		w.bye(wire.CloseTooManyClients)
	})
}

func TestNoDatabaseAtWelcome(t *testing.T) {
	inWorld(t, anonymous, func(w *world) {
		w.limits = func(context.Context) ([]wire.Limit, error) { return nil, wire.Errorf(wire.CodeUnavailable, "down") }
		w.send("h", &wire.Hello{Token: "alice"})
		w.see()
		w.bye(wire.CloseOverload)
	})
}
