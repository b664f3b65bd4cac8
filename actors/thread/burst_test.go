package thread

import (
	"testing"

	"recall/wire"
)

// without is a thread of 120 messages that keeps no pages.
func without(t tb) *rig {
	r := filled(t, 120)
	r.state.shelf = NoShelf{}
	return r
}

func (r *rig) loads() int {
	return r.meter.misses["messages"] - r.meter.coalesced["debounced fetch_messages"]
}

// Equal requests of one connection, each within 300 ms of the one before, are one load.
func TestBurstIsOneLoad(t *testing.T) {
	t.Parallel()
	r := without(t)
	r.wantPage(r.list(ann, wire.MessagesList{}), 71, 120, true, false)
	for range 5 {
		r.now = r.now.Add(burstGap)
		r.wantPage(r.list(ann, wire.MessagesList{Limit: ptr(10)}), 111, 120, true, true)
	}
	r.want(r.loads() == 1, "%d loads", r.loads())
	r.now = r.now.Add(burstGap + 1)
	r.wantPage(r.list(ann, wire.MessagesList{}), 71, 120, true, false)
	r.want(r.loads() == 2 && r.meter.coalesced["debounced fetch_messages"] == 5, "%+v", r.meter)
}

func TestBurstIsOfOneConnectionAndOnePage(t *testing.T) {
	t.Parallel()
	r := without(t)
	r.list(ann, wire.MessagesList{})
	r.wantPage(r.list(ben, wire.MessagesList{}), 71, 120, true, false)
	r.wantPage(r.list(ann, wire.MessagesList{AfterSeq: ptr(int64(70))}), 71, 120, false, false)
	r.wantPage(r.list(ann, wire.MessagesList{BeforeSeq: ptr(int64(71))}), 21, 70, true, false)
	r.want(r.loads() == 4, "%d loads", r.loads())
}

// Forward pages are kept nowhere; the burst is what spares the query.
func TestBurstOfForwardPages(t *testing.T) {
	t.Parallel()
	r := filled(t, 120)
	forward := wire.MessagesList{AfterSeq: ptr(int64(10))}
	r.wantPage(r.list(ann, forward), 11, 60, true, false)
	r.wantPage(r.list(ann, forward), 11, 60, true, true)
}

// What is stored ends every burst: nobody misses what they wrote.
func TestBurstNeverHidesAWrite(t *testing.T) {
	t.Parallel()
	r := without(t)
	r.list(ann, wire.MessagesList{Limit: ptr(1)})
	r.ask(ann, r.newID(), "mine")
	r.wantPage(r.list(ann, wire.MessagesList{Limit: ptr(1)}), 121, 121, true, false)
}

// Also a page that is being read is shared, where loads of different connections
// are not.
func TestBurstWhileThePageIsRead(t *testing.T) {
	t.Parallel()
	r := without(t)
	r.state.cfg.Without.Coalescing = true
	r.hold("load")
	for range 3 {
		r.send(ann, "l", &wire.MessagesList{})
		r.send(ben, "l", &wire.MessagesList{})
	}
	r.want(len(r.held) == 2, "%d loads", len(r.held))
	r.release()
	r.want(len(r.frames[ann]) == 3 && len(r.frames[ben]) == 3, "%d and %d answers", len(r.frames[ann]), len(r.frames[ben]))
}

func TestFailedBurstIsToldAndForgotten(t *testing.T) {
	t.Parallel()
	r := without(t)
	r.mem.FailNext("Page", wire.Unavailable())
	r.hold("load")
	r.send(ann, "l", &wire.MessagesList{})
	r.send(ann, "l", &wire.MessagesList{})
	r.release()
	r.want(len(r.frames[ann]) == 2 && r.frames[ann][1].Code == wire.CodeUnavailable, "%+v", r.frames[ann])
	r.wantPage(r.list(ann, wire.MessagesList{}), 71, 120, true, false)
}

func TestBurstsAreForgotten(t *testing.T) {
	t.Parallel()
	r := without(t)
	r.subscribe(ann)
	r.list(ann, wire.MessagesList{})
	r.feed(Gone{Peer: ann})
	r.want(len(r.state.bursts) == 0, "of a peer that has gone")
	for n := range 3 * maxBursts {
		r.list(numbered(n), wire.MessagesList{})
		r.want(len(r.state.bursts) <= maxBursts, "%d peers", len(r.state.bursts))
	}
}

// A page is held no longer than its burst lasts, by one clock for all of them.
func TestPageOfABurstIsDropped(t *testing.T) {
	t.Parallel()
	r := without(t)
	r.list(ann, wire.MessagesList{})
	r.now = r.now.Add(burstGap / 2)
	r.list(ben, wire.MessagesList{})
	r.want(r.sweeps == 1 && len(r.state.bursts) == 2, "%d clocks", r.sweeps)
	for n, left := range []int{1, 0} {
		r.now = r.now.Add(burstGap/2 + 1)
		r.feed(BurstsOver{})
		r.want(len(r.state.bursts) == left && r.sweeps == 2, "%d left, %d clocks, round %d", len(r.state.bursts), r.sweeps, n)
	}
	r.list(ann, wire.MessagesList{})
	r.want(r.sweeps == 3, "no clock for the next one")
}

// What the book keeps, within the bound of its bytes, is not held a second time.
func TestPageOfTheBookIsNotHeldByABurst(t *testing.T) {
	t.Parallel()
	r := filled(t, 120)
	r.list(ann, wire.MessagesList{})
	r.list(ben, wire.MessagesList{BeforeSeq: ptr(int64(71)), Limit: ptr(10)})
	r.want(len(r.state.bursts) == 0 && r.sweeps == 0, "%d bursts, %d clocks", len(r.state.bursts), r.sweeps)
	r.wantPage(r.list(ann, wire.MessagesList{}), 71, 120, true, true)
}

func TestWithoutDebounceEachRequestIsALoad(t *testing.T) {
	t.Parallel()
	r := without(t)
	r.state.cfg.Without.Debounce = true
	for range 3 {
		r.wantPage(r.list(ann, wire.MessagesList{}), 71, 120, true, false)
	}
	r.want(r.loads() == 3 && len(r.state.bursts) == 0, "%d loads", r.loads())
}
