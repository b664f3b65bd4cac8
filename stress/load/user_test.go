package load

import (
	"math/rand/v2"
	"testing"
	"time"
)

// ready is a user who is there and has done nothing.
func ready(hammers bool) *user {
	u := newUser(nil, 0, hammers)
	u.up = true
	return u
}

func TestUsersKeepToTheirLimits(t *testing.T) {
	t.Parallel()
	u, now := ready(false), time.Unix(1_700_000_000, 0)
	for i := range mostMinute {
		if !u.reserve(1, now.Add(time.Duration(i)*time.Second)) {
			t.Fatalf("recall %d was not allowed", i+1)
		}
	}
	if u.reserve(1, now.Add(59*time.Second)) {
		t.Error("one more within the minute was allowed")
	}
	if !u.reserve(0, now.Add(59*time.Second)) {
		t.Error("who may send no recall may not read either")
	}
	if !u.reserve(1, now.Add(time.Minute)) {
		t.Error("none was allowed a minute after the first")
	}
}

func TestUsersKeepToTheHour(t *testing.T) {
	t.Parallel()
	u, now := ready(false), time.Unix(1_700_000_000, 0)
	for i := range mostHour {
		if !u.reserve(1, now.Add(time.Duration(i)*30*time.Second)) {
			t.Fatalf("recall %d was not allowed", i+1)
		}
	}
	if u.reserve(1, now.Add(59*time.Minute)) {
		t.Error("one more within the hour was allowed")
	}
	if !u.reserve(1, now.Add(time.Hour)) {
		t.Error("none was allowed an hour after the first")
	}
}

func TestUsersHaveFewUnderWay(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_700_000_000, 0)
	u := ready(false)
	u.asks["a"], u.open["b"], u.open["c"], u.open["d"] = &ask{}, &ask{}, &ask{}, &ask{}
	if u.reserve(1, now) {
		t.Errorf("a recall beside %d others was allowed", mostOpen)
	}
	delete(u.open, "d")
	if !u.reserve(1, now) {
		t.Error("none was allowed when one had ended")
	}
	u.up = false
	if u.reserve(0, now) {
		t.Error("who is away may read")
	}
	h := ready(true)
	for range hammering {
		if !h.reserve(hammered, now) {
			t.Error("who hammers keeps to limits")
		}
	}
}

func TestRoomsAreLeftWhenNothingIsUnderWay(t *testing.T) {
	t.Parallel()
	u := ready(false)
	for _, r := range []room{{id: "a", open: 1}, {id: "b"}, {id: "c"}} {
		u.rooms = append(u.rooms, &r)
	}
	if left := u.forget(); left != "" {
		t.Errorf("%s was left although there is room", left)
	}
	u.rooms = append(u.rooms, &room{id: "d", open: 1})
	if left := u.forget(); left != "b" || len(u.rooms) != 3 {
		t.Errorf("left %q of four, %d remain", left, len(u.rooms))
	}
}

// Each of those who are connected has a turn before anybody has a second one.
func TestRingTakesTurns(t *testing.T) {
	t.Parallel()
	r := &ring{random: rand.New(rand.NewPCG(1, 2))}
	for i := range 10 {
		r.users = append(r.users, newUser(nil, i, false))
	}
	all := func(*user) bool { return true }
	for round := range 3 {
		seen := map[int]bool{}
		for range 5 {
			seen[r.pick(5, 10, all).index] = true
		}
		for i := range 5 {
			if !seen[i] {
				t.Errorf("round %d: user %d had no turn", round, i)
			}
		}
	}
	if u := r.pick(5, 10, func(*user) bool { return false }); u != nil {
		t.Errorf("user %d was taken who may not", u.index)
	}
}

func TestRingStaysWithThoseWhoHammer(t *testing.T) {
	t.Parallel()
	r := &ring{random: rand.New(rand.NewPCG(1, 2)), stay: hammering}
	for i := range 4 {
		r.users = append(r.users, newUser(nil, i, true))
	}
	for range 4 {
		first := r.pick(4, 4, func(*user) bool { return true })
		for range hammering - 1 {
			if u := r.pick(4, 4, func(*user) bool { return true }); u != first {
				t.Errorf("user %d follows on user %d", u.index, first.index)
			}
		}
	}
}
