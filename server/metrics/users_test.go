package metrics

import (
	"encoding/binary"
	"testing"
	"time"

	"pgregory.net/rapid"

	"recall/wire"
)

func user(n uint64) (id wire.ID) {
	binary.BigEndian.PutUint64(id[8:], n+1)
	return id
}

// asking is one request for a recall.
type asking struct {
	user    uint64
	minute  int64
	refused bool
}

// bruteUsers counts from the list of everything that has happened.
func bruteUsers(all []asking, minute int64) LimitedUsers {
	refused := map[uint64]int{}
	for _, a := range all {
		if a.minute <= minute-recentMinutes {
			continue
		}
		refused[a.user] += 0
		if a.refused {
			refused[a.user]++
		}
	}
	n := LimitedUsers{Active: len(refused)}
	for _, times := range refused {
		if times >= 10 {
			n.Hammering++
		} else if times > 0 {
			n.Limited++
		}
	}
	return n
}

func TestRecentUsers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := newClock()
		r := newRecorder(at.now)
		var all []asking
		for range rapid.IntRange(1, 150).Draw(t, "steps") {
			who, refused := rapid.Uint64Range(0, 5).Draw(t, "user"), rapid.Bool().Draw(t, "refused")
			all = append(all, asking{who, at.now().Unix() / 60, refused})
			if refused {
				r.Refused(user(who), "recall_minute")
			} else {
				r.Admitted(user(who))
			}
			if rapid.IntRange(0, 3).Draw(t, "wait") == 0 {
				at.forward(time.Duration(rapid.IntRange(1, 500).Draw(t, "seconds")) * time.Second)
			}
			if got, want := r.Stats().Limits.Users, bruteUsers(all, at.now().Unix()/60); got != want {
				t.Fatalf("%+v, want %+v", got, want)
			}
		}
	})
}

// Whoever asked five minutes ago still counts, whatever the second; after six nobody.
func TestRecentUsersAreForgotten(t *testing.T) {
	t.Parallel()
	for second := range 60 {
		at := newClock()
		at.forward(time.Duration(second) * time.Second)
		r := newRecorder(at.now)
		r.Admitted(user(1))
		at.forward(5 * time.Minute)
		if n := r.Stats().Limits.Users.Active; n != 1 {
			t.Errorf("after five minutes: %d", n)
		}
		at.forward(time.Minute)
		if n := r.Stats().Limits.Users.Active; n != 0 {
			t.Errorf("after six minutes: %d", n)
		}
	}
}

func TestRecentUsersAreBounded(t *testing.T) {
	t.Parallel()
	at := newClock()
	u := newRecentUsers(at.now)
	for n := range uint64(mostRecent + 100) {
		u.asked(user(n), false)
	}
	u.asked(user(0), true)             // known: counts
	u.asked(user(mostRecent+50), true) // one too many: does not
	if got := u.figures(); got != (LimitedUsers{Active: mostRecent, Limited: 1}) {
		t.Errorf("%+v", got)
	}
	at.forward(-time.Hour) // a clock that is set back loses nobody
	if got := u.figures(); got.Active != mostRecent {
		t.Errorf("%+v", got)
	}
}
