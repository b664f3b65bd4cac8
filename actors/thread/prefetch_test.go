package thread

import (
	"testing"

	"recall/wire"
)

// reader is a thread of n messages whose loads wait, watched by ann, who has read the
// newest page. What was prefetched for that is held.
func reader(t tb, n int) *rig {
	r := filled(t, n)
	r.subscribe(ann)
	r.holding = func(e Effect) bool { return kindOf(e) == "load" }
	r.send(ann, "l", &wire.MessagesList{})
	r.releaseAt(0)
	r.wantPage(r.frames[ann][1], int64(max(1, n-49)), int64(n), n > 50, false)
	return r
}

func (r *rig) prefetchHeld() (found []Load) {
	for _, e := range r.held {
		if l, loads := e.(Load); loads && l.Prefetch {
			found = append(found, l)
		}
	}
	return found
}

func TestPageBehindTheReaderIsPrefetched(t *testing.T) {
	t.Parallel()
	r := reader(t, 120)
	r.want(len(r.held) == 1 && len(r.prefetchHeld()) == 1 && r.prefetchHeld()[0].Key.Before == 71, "%+v", r.held)
	r.releaseAt(0)
	r.want(r.meter.prefetched["fetch_messages"] == 1 && len(r.held) == 0, "%+v", r.meter)
	r.wantPage(r.list(ann, wire.MessagesList{BeforeSeq: ptr(int64(71))}), 21, 70, true, true)
	r.want(len(r.held) == 1 && r.prefetchHeld()[0].Key.Before == 21, "%+v", r.held)
	r.releaseAt(0)
	r.wantPage(r.list(ann, wire.MessagesList{BeforeSeq: ptr(int64(21))}), 1, 20, false, true)
	r.want(len(r.held) == 0, "prefetched past the first message: %+v", r.held)
}

// Small steps are ahead of the reader as well, and read no more than they need.
func TestSmallStepsArePrefetched(t *testing.T) {
	t.Parallel()
	r := reader(t, 120)
	r.release()
	r.holding = func(e Effect) bool { return kindOf(e) == "load" }
	at := int64(121)
	for at > 1 {
		f := r.list(ann, wire.MessagesList{BeforeSeq: &at, Limit: ptr(20)})
		r.want(f.Cached && len(f.Messages) == 20, "before %d: %d messages, cached %v", at, len(f.Messages), f.Cached)
		at = f.Messages[0].Seq
		for len(r.held) > 0 {
			r.releaseAt(0)
		}
	}
	r.want(r.meter.prefetched["fetch_messages"] == 2, "%+v", r.meter)
}

func TestNobodyPrefetches(t *testing.T) {
	t.Parallel()
	for name, play := range map[string]func(r *rig){
		"for one who does not watch": func(r *rig) { r.feed(Gone{Peer: ann}); r.list(ann, wire.MessagesList{}) },
		"of forward pages":           func(r *rig) { r.send(ann, "l", &wire.MessagesList{AfterSeq: ptr(int64(100))}) },
		"where nothing is kept": func(r *rig) {
			r.state.shelf = NoShelf{}
			r.send(ann, "l", &wire.MessagesList{BeforeSeq: ptr(int64(60))})
		},
		"when it is switched off": func(r *rig) { r.state.cfg.Without.Prefetch = true; r.list(ann, wire.MessagesList{}) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := reader(t, 120)
			e := r.held[0].(Load)
			r.held = nil
			r.feed(Loaded{Key: e.Key, Err: errNoTime})
			play(r)
			for len(r.held) > 0 {
				r.want(len(r.prefetchHeld()) == 0, "%+v", r.held)
				r.releaseAt(0)
			}
		})
	}
}

func TestOnePrefetchAtATime(t *testing.T) {
	t.Parallel()
	r := reader(t, 200)
	r.send(ann, "l", &wire.MessagesList{BeforeSeq: ptr(int64(90))})
	r.releaseAt(1)
	r.want(len(r.prefetchHeld()) == 1, "%+v", r.held)
}

// A request for a page that is being prefetched waits for it, and is one more reason
// to read it when the store had no time.
func TestRequestJoinsWhatIsPrefetched(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]error{"read": nil, "no time": errNoTime, "failed": wire.Unavailable()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := reader(t, 120)
			r.send(ben, "l", &wire.MessagesList{BeforeSeq: ptr(int64(71))})
			r.send(ben, "l", &wire.MessagesList{BeforeSeq: ptr(int64(73)), Limit: ptr(4)}) // the same page and two of the next
			r.want(len(r.held) == 1 && r.meter.coalesced["fetch_messages"] == 2, "%+v", r.held)
			if fault != nil {
				e := r.held[0].(Load)
				r.held = nil
				r.feed(Loaded{Key: e.Key, Err: fault})
				r.want(len(r.held) == 1 && len(r.prefetchHeld()) == 0, "%+v", r.held)
			}
			r.release()
			r.wantPage(r.frames[ben][0], 21, 70, true, false)
			r.wantPage(r.frames[ben][1], 69, 72, true, false)
		})
	}
}

func TestFailedPrefetchIsSilentAndForgotten(t *testing.T) {
	t.Parallel()
	r := reader(t, 120)
	e, told := r.held[0].(Load), len(r.frames[ann])
	r.held = nil
	r.feed(Loaded{Key: e.Key, Err: errNoTime})
	r.want(len(r.frames[ann]) == told && len(r.state.loads) == 0 && r.meter.prefetched["fetch_messages"] == 0, "%+v", r.frames[ann])
}

// Prefetching takes no place from those who ask.
func TestPrefetchingRefusesNobody(t *testing.T) {
	t.Parallel()
	r := reader(t, 120)
	for n := range maxLoads {
		r.send(numbered(n), "l", &wire.MessagesList{AfterSeq: ptr(int64(n))})
	}
	r.want(len(r.held) == 1+maxLoads, "%d loads", len(r.held))
	r.wantCode(r.send(ben, "l", &wire.MessagesList{AfterSeq: ptr(int64(60))}), wire.CodeUnavailable)
}

// A page that was prefetched while the thread moved on is not kept.
func TestPrefetchThatTheThreadHasOutrun(t *testing.T) {
	t.Parallel()
	r := reader(t, 120)
	r.send(ann, "t", &wire.ThreadUpdate{Title: ptr("moved on")})
	r.releaseAt(0)
	b, _ := r.shelf.Book(r.id)
	r.want(len(b.Pages) == 1 && len(r.state.loads) == 0, "%d pages", len(b.Pages))
}
