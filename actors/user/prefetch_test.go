package user

import (
	"errors"
	"testing"
	"time"

	"recall/actors/grain"
	"recall/wire"
)

// tally counts what was prefetched and shared.
type tally struct {
	grain.NoMeter
	prefetched, shared int
}

func (t *tally) Prefetched(string) { t.prefetched++ }
func (t *tally) Coalesced(string)  { t.shared++ }

// more is a page with another one behind it.
func more(next string) *wire.Threads { return &wire.Threads{NextCursor: &next} }

func pageAt(n int, cursor string) Call {
	return Call{From: n, Body: List{Command: &wire.ThreadList{Cursor: cursor}}}
}

// only wants exactly one read among effects, prefetched or not.
func only(t *testing.T, effects []Effect, cursor string, prefetch bool) Read {
	t.Helper()
	reads, _ := split(effects)
	if len(reads) != 1 || reads[0].Command.Cursor != cursor || reads[0].Prefetch != prefetch {
		t.Fatalf("reads: %+v, want one of %q, prefetch %v", reads, cursor, prefetch)
	}
	return reads[0]
}

func TestNextPageIsPrefetched(t *testing.T) {
	t.Parallel()
	meter := &tally{}
	s := awake(Config{Meter: meter}, start)
	first := only(t, s.Step(start, firstPage(1)), "", false)
	second := only(t, s.Step(start, Listed{Key: first.Key, Threads: more("b")}), "b", true)
	if e := s.Step(start, Listed{Key: second.Key, Threads: more("c")}); len(e) != 0 {
		t.Fatalf("what nobody asked for has consequences: %+v", e)
	}
	// Who turns the page finds it, and the one behind it is read.
	effects := s.Step(start, pageAt(2, "b"))
	_, answers := split(effects)
	if len(answers) != 1 || *answers[0].Body.(Listing).Threads.NextCursor != "c" {
		t.Fatalf("%+v", effects)
	}
	third := only(t, effects, "c", true)
	if e := s.Step(start, firstPage(3)); len(e) != 1 {
		t.Fatalf("two are prefetched at once, or the second again: %+v", e)
	}
	s.Step(start, Listed{Key: third.Key, Threads: &wire.Threads{}})
	if e := s.Step(start, pageAt(4, "c")); len(e) != 1 {
		t.Fatalf("prefetched past the end: %+v", e)
	}
	if meter.prefetched != 2 {
		t.Fatalf("%d pages were counted", meter.prefetched)
	}
}

func TestNobodyPrefetchesTheseLists(t *testing.T) {
	t.Parallel()
	few := 5
	for name, c := range map[string]struct {
		cfg   Config
		lists Lists
		list  wire.ThreadList
	}{
		"switched off":    {cfg: Config{Without: grain.Without{Prefetch: true}}, lists: &kept{}},
		"nothing is kept": {lists: NoLists{}},
		"archived":        {lists: &kept{}, list: wire.ThreadList{Archived: true}},
		"small pages":     {lists: &kept{}, list: wire.ThreadList{Limit: &few}},
	} {
		s := New(c.cfg, c.lists)
		read := only(t, s.Step(start, Call{From: 1, Body: List{Command: &c.list}}), "", false)
		if reads, _ := split(s.Step(start, Listed{Key: read.Key, Threads: more("b")})); len(reads) != 0 {
			t.Errorf("%s: %+v", name, reads)
		}
	}
}

// Who asks for a page that is being prefetched waits for it; when the store had no
// time for it, it is read for them. Nobody else hears of that.
func TestCallerJoinsWhatIsPrefetched(t *testing.T) {
	t.Parallel()
	meter := &tally{}
	s := awake(Config{Meter: meter}, start)
	first := only(t, s.Step(start, firstPage(1)), "", false)
	prefetched := only(t, s.Step(start, Listed{Key: first.Key, Threads: more("b")}), "b", true)
	if e := s.Step(start, pageAt(2, "b")); len(e) != 0 || meter.shared != 1 {
		t.Fatalf("%+v", e)
	}
	again := only(t, s.Step(start, Listed{Key: prefetched.Key, Err: errNoTime}), "b", false)
	_, answers := split(s.Step(start, Listed{Key: again.Key, Threads: &wire.Threads{}}))
	if len(answers) != 1 || answers[0].To != 2 || meter.prefetched != 0 {
		t.Fatalf("%+v", answers)
	}
}

func TestWhatFailsAheadIsSilentAndForgotten(t *testing.T) {
	t.Parallel()
	for _, fault := range []error{errNoTime, errors.New("away")} {
		s := awake(Config{}, start)
		first := only(t, s.Step(start, firstPage(1)), "", false)
		prefetched := only(t, s.Step(start, Listed{Key: first.Key, Threads: more("b")}), "b", true)
		if e := s.Step(start, Listed{Key: prefetched.Key, Err: fault}); len(e) != 0 || len(s.loads) != 0 {
			t.Fatalf("%+v", e)
		}
	}
}

// A page that was prefetched while the list changed is not kept.
func TestChangeSpoilsWhatIsPrefetched(t *testing.T) {
	t.Parallel()
	s := awake(Config{}, start)
	first := only(t, s.Step(start, firstPage(1)), "", false)
	prefetched := only(t, s.Step(start, Listed{Key: first.Key, Threads: more("b")}), "b", true)
	s.Step(start, Call{Body: ListChanged{}})
	s.Step(start, Listed{Key: prefetched.Key, Threads: &wire.Threads{}})
	only(t, s.Step(start, pageAt(2, "b")), "b", false)
	only(t, s.Step(start, firstPage(3)), "", false)
}

// An app that starts will show the list: it is read behind the limits, once.
func TestStartingAppFindsItsList(t *testing.T) {
	t.Parallel()
	s := New(Config{}, &kept{})
	s.Step(start, Call{From: 1, Body: ShowLimits{Starting: true}})
	effects := s.Step(start, Rebuilt{})
	read := only(t, effects, "", true)
	if _, first := effects[0].(Answer); !first {
		t.Fatalf("the limits are not told first: %+v", effects)
	}
	s.Step(start, Listed{Key: read.Key, Threads: &wire.Threads{}})
	for _, body := range []any{ShowLimits{Starting: true}, ShowLimits{}, List{Command: &wire.ThreadList{}}} {
		if e := s.Step(start, Call{From: 2, Body: body}); len(e) != 1 {
			t.Fatalf("%T: %+v", body, e)
		}
	}
	if e := awake(Config{}, start).Step(start, Call{From: 1, Body: ShowLimits{}}); len(e) != 1 {
		t.Fatalf("prefetched for one who goes on where he was: %+v", e)
	}
}

func TestKeptPagesAreBounded(t *testing.T) {
	t.Parallel()
	s := awake(Config{Without: grain.Without{Prefetch: true}}, start)
	for n := range 2 * maxPages {
		reads, _ := split(s.Step(start.Add(time.Duration(n)), pageAt(1, id(n).String())))
		s.Step(start.Add(time.Duration(n)), Listed{Key: reads[0].Key, Threads: &wire.Threads{Threads: []wire.Thread{{Title: "x"}}}})
	}
	pages, _ := s.lists.Get()
	if len(pages.ByCursor) != maxPages || !pages.Since.Equal(start) || pages.Bytes() < maxPages*400 {
		t.Fatalf("%d pages since %v, %d bytes", len(pages.ByCursor), pages.Since, pages.Bytes())
	}
	if (Pages{}).Bytes() == 0 {
		t.Fatal("an entry that weighs nothing is never evicted")
	}
}

func TestWithoutCoalescingEachCallIsARead(t *testing.T) {
	t.Parallel()
	s := awake(Config{Without: grain.Without{Coalescing: true}}, start)
	var keys []ListKey
	for n := range 100 {
		reads, _ := split(s.Step(start, firstPage(n)))
		for _, r := range reads {
			keys = append(keys, r.Key)
		}
	}
	if len(keys) != 100 {
		t.Fatalf("%d reads", len(keys))
	}
	for n, k := range keys {
		_, answers := split(s.Step(start, Listed{Key: k, Threads: &wire.Threads{}}))
		if len(answers) != 1 || answers[0].To != n {
			t.Fatalf("read %d: %+v", n, answers)
		}
	}
}
