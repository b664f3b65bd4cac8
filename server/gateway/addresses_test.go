package gateway

import (
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"recall/wire"
)

func nth(n int) netip.Addr { return netip.AddrFrom4([4]byte{198, 18, byte(n >> 8), byte(n)}) }

func fewAddresses(maxConns int) *addresses {
	return newAddresses(maxConns, policy{wire.PolicyHandshakes, 3, 1}, policy{wire.PolicyRequests, 20, 2})
}

// Forgetting whoever has been idle long enough changes no answer.
func TestForgettingChangesNothing(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	a, now := fewAddresses(2), time.Unix(0, 0)
	type memory struct {
		buckets [2]bucket
		conns   []*address
	}
	var all [30]memory
	for i := range all {
		all[i].buckets = [2]bucket{newBucket(3, 1), newBucket(20, 2)}
	}
	forgotten := false
	for step := range 20_000 {
		i := random.IntN(len(all))
		m := &all[i]
		switch k := random.IntN(4); {
		case k < 2:
			for range random.IntN(25) { // often more than there is
				want := m.buckets[k].take(now)
				if _, got := a.take(nth(i), kind(k), now); got != want {
					t.Fatalf("step %d: wait %v, want %v", step, got, want)
				}
			}
		case k == 2:
			who, left := a.enter(nth(i), now)
			if (who != nil) != (len(m.conns) < 2) || who != nil && left != 1-len(m.conns) {
				t.Fatalf("step %d: a connection besides %d: %v, %d left", step, len(m.conns), who != nil, left)
			}
			if who != nil {
				m.conns = append(m.conns, who)
			}
		case len(m.conns) > 0:
			a.leave(m.conns[0], now)
			m.conns = m.conns[1:]
		}
		now = now.Add(time.Duration(random.IntN(200)) * time.Millisecond)
		if random.IntN(100) == 0 {
			now = now.Add(time.Duration(random.IntN(15)) * time.Second)
		}
		if len(a.known) < len(all) && step > 1000 {
			forgotten = true
		}
		check(t, a)
	}
	if !forgotten {
		t.Error("nobody was ever forgotten")
	}
	for i := range all {
		for _, who := range all[i].conns {
			a.leave(who, now)
		}
	}
	a.take(nth(99), requests, now.Add(time.Hour))
	if len(a.known) != 1 {
		t.Errorf("%d addresses are remembered after an hour", len(a.known))
	}
}

// check sees to it that exactly those without a connection are in line.
func check(t *testing.T, a *addresses) {
	t.Helper()
	without := 0
	for key, who := range a.known {
		if who.key != key || who.conns < 0 || (who.place == nil) != (who.conns > 0) {
			t.Fatalf("%v: %+v", key, who)
		}
		if who.conns == 0 {
			without++
		}
	}
	if without != a.idle.Len() {
		t.Fatalf("%d without a connection, %d in line", without, a.idle.Len())
	}
}

// However many addresses come, those with connections and a bounded number of others
// are remembered.
func TestAddressesAreBounded(t *testing.T) {
	t.Parallel()
	a, now := fewAddresses(1), time.Unix(0, 0)
	a.most = 10
	stays, _ := a.enter(nth(0), now)
	for i := range 1000 {
		for range 4 {
			a.take(nth(i+1), handshakes, now)
		}
	}
	if len(a.known) != 11 {
		t.Errorf("%d addresses", len(a.known))
	}
	if again, _ := a.enter(nth(0), now); again != nil {
		t.Error("a connection was forgotten")
	}
	if _, wait := a.take(nth(1000), handshakes, now); wait == 0 {
		t.Error("the one seen last was forgotten")
	}
	if _, wait := a.take(nth(1), handshakes, now); wait > 0 {
		t.Error("the one seen longest ago is remembered")
	}
	a.leave(stays, now)
	check(t, a)
}

// Who comes again goes to the end of the line.
func TestTheOneSeenLongestAgoGoes(t *testing.T) {
	t.Parallel()
	a, now := fewAddresses(1), time.Unix(0, 0)
	a.most = 2
	for _, i := range []int{1, 2, 1, 3} {
		a.take(nth(i), handshakes, now)
	}
	if a.known[nth(1)] == nil || a.known[nth(2)] != nil || a.known[nth(3)] == nil {
		t.Errorf("remembered are %v", a.known)
	}
}

func TestStanding(t *testing.T) {
	t.Parallel()
	a, now := fewAddresses(1), time.Unix(0, 0)
	for i, want := range []struct {
		s    standing
		wait time.Duration
	}{
		{standing{2, time.Second}, 0}, {standing{1, time.Second}, 0}, {standing{0, time.Second}, 0}, {standing{0, time.Second}, time.Second},
	} {
		if s, wait := a.take(nth(1), handshakes, now); s != want.s || wait != want.wait {
			t.Errorf("handshake %d: %+v, %v", i, s, wait)
		}
	}
	now = now.Add(1500 * time.Millisecond)
	if s, wait := a.take(nth(1), handshakes, now); s != (standing{0, 500 * time.Millisecond}) || wait != 0 {
		t.Errorf("later: %+v, %v", s, wait)
	}
}
