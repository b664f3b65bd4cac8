package user

import (
	"errors"
	"flag"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"recall/wire"
)

var slotSeed = flag.Uint64("slots.seed", 0, "repeat a run of TestSlotsNeverLeak; 0: a new one")

// row is a recall in the table.
type row struct {
	at    time.Time
	ended bool
}

// storm is a user whose recalls go wrong in every way: the store fails, answers and
// releases are lost, threads crash between admission and commit, the user's grain
// crashes and rests. It knows which slots should be taken.
type storm struct {
	*testing.T
	random *rand.Rand
	state  *State
	now    time.Time
	next   int

	table map[int]*row      // what was committed
	held  map[int]time.Time // slots that this activation should know of
	read  map[int]row       // the table as the log under way sees it; nil: none is read
	freed map[int]bool      // while it is read
	open  []int             // of the table
	later []Call            // releases that have come up, of the recalls in owed
	owed  []int
	seen  map[string]int // how often each thing happened
}

const stormCap = 90 * time.Second

func newStorm(t *testing.T) *storm {
	seed := *slotSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("to repeat this run: -slots.seed %d", seed)
	w := &storm{
		T: t, random: rand.New(rand.NewPCG(seed, 0)), now: start, table: map[int]*row{}, seen: map[string]int{},
	}
	w.restart()
	return w
}

// restart is the next activation, which knows nothing until it has read the table.
func (w *storm) restart() {
	w.state = New(Config{PerMinute: 1 << 30, PerHour: 1 << 30}, &kept{})
	w.held, w.read, w.freed = nil, nil, nil
}

func (w *storm) step(in any) {
	for _, e := range w.state.Step(w.now, in) {
		switch e := e.(type) {
		case Rebuild:
			w.read, w.freed = map[int]row{}, map[int]bool{}
			for n, r := range w.table {
				w.read[n] = *r
			}
		case Answer:
			w.decided(e.To.(int), e.Body.(Decision))
		case Stop:
			w.rests()
		}
	}
}

// ask begins a recall, now and then with a request_id that was used before.
func (w *storm) ask() {
	w.next++
	request := id(1_000_000 + w.next)
	if w.random.IntN(10) == 0 && w.next > 1 {
		request = id(1_000_000 + 1 + w.random.IntN(w.next-1))
	}
	w.step(Call{From: w.next, Body: Admit{Recall: wire.Recall{ID: id(w.next), RequestID: request}}})
}

// decided is the thread's side of a decision.
func (w *storm) decided(n int, d Decision) {
	switch {
	case d.Err != nil:
		w.seen["no decision"]++
		w.release(n, true) // the answer may be lost, not the question
	case d.Joins:
		w.seen["joined"]++
	case d.Refused != nil:
		w.seen["refused"]++
		if w.read == nil && w.taken() < 5 {
			w.Fatalf("step %d: refused with %d under way", w.next, w.taken())
		}
	default:
		w.accepted(n, d.At)
	}
}

// accepted lets the thread do what threads do next.
func (w *storm) accepted(n int, at time.Time) {
	w.held[n] = at
	if w.read == nil && w.taken() > 5 {
		w.Fatalf("step %d: %d under way", w.next, w.taken())
	}
	switch w.random.IntN(8) {
	case 0:
		w.seen["answer lost"]++
		w.release(n, true)
	case 1:
		w.seen["commit failed"]++
		w.release(n, true)
	case 2:
		w.seen["crash before the commit"]++
	case 3:
		w.seen["commit in doubt"]++
		w.store(n, at)
		w.release(n, false)
	default:
		w.seen["stored"]++
		w.store(n, at)
	}
}

func (w *storm) store(n int, at time.Time) {
	w.table[n] = &row{at: at}
	w.open = append(w.open, n)
}

// end is the terminal event of some recall; its release may be lost.
func (w *storm) end() {
	if len(w.open) == 0 {
		return
	}
	i := w.random.IntN(len(w.open))
	n := w.open[i]
	w.open = slices.Delete(w.open, i, i+1)
	w.table[n].ended = true
	if w.random.IntN(10) == 0 {
		w.seen["release lost"]++
		return
	}
	w.release(n, false)
}

func (w *storm) release(n int, refund bool) {
	w.later = append(w.later, Call{Body: Release{RecallID: id(n), Refund: refund}})
	w.owed = append(w.owed, n)
}

// settle sends the releases that have come up.
func (w *storm) settle() {
	for len(w.later) > 0 {
		c, n := w.later[0], w.owed[0]
		w.later, w.owed = w.later[1:], w.owed[1:]
		delete(w.held, n)
		if w.read != nil {
			w.freed[n] = true
		}
		w.step(c)
	}
}

// logRead is the end of the reading of the log.
func (w *storm) logRead() {
	if w.read == nil {
		return
	}
	if w.random.IntN(4) == 0 {
		w.seen["log not read"]++
		w.read, w.freed = nil, nil
		w.step(Rebuilt{Err: errors.New("away")})
		return
	}
	var log []wire.Admission
	w.held = map[int]time.Time{}
	for _, n := range slices.Sorted(maps.Keys(w.read)) {
		r := w.read[n]
		if !r.at.Before(w.now.Add(-time.Hour)) {
			log = append(log, wire.Admission{RecallID: id(n), RequestID: id(1_000_000 + n), AcceptedAt: r.at, Ended: r.ended})
		}
		if !r.ended && !w.freed[n] {
			w.held[n] = r.at
		}
	}
	w.step(Rebuilt{Log: log})
	w.read, w.freed = nil, nil
}

// rests is the end of an activation by itself, which must not cost a slot.
func (w *storm) rests() {
	w.seen["rested"]++
	if w.held != nil && w.taken() > 0 {
		w.Fatalf("step %d: rests with %d slots taken", w.next, w.taken())
	}
	w.restart()
}

// taken is how many slots should be, by the plainest rule.
func (w *storm) taken() (n int) {
	for _, at := range w.held {
		if at.After(w.now.Add(-stormCap)) {
			n++
		}
	}
	return n
}

// compare holds the slots against what should be.
func (w *storm) compare() {
	if w.state.log != rebuilt {
		return
	}
	w.state.limits.forget(w.now)
	maps.DeleteFunc(w.held, func(_ int, at time.Time) bool { return !at.After(w.now.Add(-stormCap)) })
	if len(w.state.limits.slots) != len(w.held) {
		w.Fatalf("step %d: %d slots for %d recalls", w.next, len(w.state.limits.slots), len(w.held))
	}
	for n, at := range w.held {
		if got, there := w.state.limits.slots[id(n)]; !there || !got.Equal(at) {
			w.Fatalf("step %d: recall %d has the slot %v, %v", w.next, n, got, there)
		}
	}
}

// forget drops rows that no window reaches, so that the test ends in our time.
func (w *storm) forget() {
	maps.DeleteFunc(w.table, func(_ int, r *row) bool { return r.at.Before(w.now.Add(-2 * time.Hour)) })
	w.open = slices.DeleteFunc(w.open, func(n int) bool { return w.table[n] == nil })
}

func (w *storm) move() {
	w.now = w.now.Add(time.Duration(w.random.IntN(6000)) * ms)
	switch dice := w.random.IntN(100); {
	case dice < 45:
		w.ask()
	case dice < 75:
		w.end()
	case dice < 90:
		w.logRead()
	case dice < 98:
		w.step(Idle{})
	default:
		w.seen["crashed"]++
		w.restart()
	}
}

// Slots never leak: through a hundred thousand random steps the slots are those of the
// recalls under way, neither more nor fewer, and in the end all of them are free.
func TestSlotsNeverLeak(t *testing.T) {
	t.Parallel()
	w := newStorm(t)
	for n := range 100_000 {
		w.move()
		w.settle()
		w.compare()
		if n%1000 == 0 {
			w.forget()
		}
	}
	for w.state.log != rebuilt {
		w.ask()
		w.logRead()
		w.settle()
	}
	w.now = w.now.Add(stormCap)
	w.compare()
	if len(w.state.limits.slots) != 0 {
		t.Errorf("%d slots are left", len(w.state.limits.slots))
	}
	for _, what := range []string{
		"no decision", "joined", "refused", "answer lost", "commit failed", "crash before the commit", "commit in doubt", "stored",
		"release lost", "log not read", "rested", "crashed",
	} {
		if w.seen[what] < 20 {
			t.Errorf("%s: %d times, the run shows nothing", what, w.seen[what])
		}
	}
}
