package session

import (
	"testing"
	"time"

	"recall/wire"
)

func TestOtherUsersToken(t *testing.T) {
	inWorld(t, upgraded, func(w *world) {
		w.see("welcome", "limits")
		w.send("r", &wire.AuthRefresh{Token: "bob"})
		w.send("h", &wire.Hello{Token: "bob"})
		w.send("e", &wire.AuthRefresh{Token: "expired"})
		w.send("p", &wire.Ping{})
		w.see("unauthorized", "unauthorized", "token_expired", "pong")
		w.bye(0) // the token that it has is as good as before
	})
}

func TestTokenEnds(t *testing.T) {
	inWorld(t, upgraded, func(w *world) {
		w.see("welcome", "limits")
		time.Sleep(time.Hour - time.Millisecond) // in the bubble
		w.bye(0)
		time.Sleep(time.Millisecond)
		w.bye(wire.CloseTokenExpired)
	})
}

func TestRefreshMovesTheEnd(t *testing.T) {
	inWorld(t, upgraded, func(w *world) {
		w.see("welcome", "limits")
		w.send("r", &wire.AuthRefresh{Token: "later"})
		if seen := w.see("ok"); seen[0]["id"] != "r" {
			t.Errorf("%v", seen)
		}
		time.Sleep(3*time.Hour - time.Millisecond)
		w.bye(0)
		time.Sleep(time.Millisecond)
		w.bye(wire.CloseTokenExpired)
	})
}

// A timer that fires while the refresh is judged is in the mailbox already.
func TestRefreshBeatsALateTimer(t *testing.T) {
	inWorld(t, upgraded, func(w *world) {
		w.see("welcome", "limits")
		w.send("r", &wire.AuthRefresh{Token: "later"})
		w.see("ok")
		w.tell(expiryDue{})
		w.tell(helloDue{})
		w.bye(0)
		time.Sleep(3 * time.Hour)
		w.bye(wire.CloseTokenExpired)
	})
}
