package load

import (
	"testing"
	"time"

	"recall/stress/report"
)

// The ends that are errors, and those that are none.
func TestEndsAreCounted(t *testing.T) {
	t.Parallel()
	due := time.Unix(1_700_000_000, 0)
	for name, tc := range map[string]struct {
		kind  Kind
		end   ending
		after time.Duration
		wrong int64
	}{
		"completed":                    {Ask, ending{kind: "recall.completed"}, time.Second, 0},
		"found nothing":                {Ask, ending{kind: "recall.completed", noMatch: true, degraded: true}, time.Second, 0},
		"completed too late":           {Ask, ending{kind: "recall.completed"}, 61 * time.Second, 1},
		"failed":                       {Voice, ending{kind: "recall.failed"}, time.Second, 1},
		"expired":                      {FollowUp, ending{kind: "recall.expired"}, 55 * time.Second, 1},
		"taken back":                   {Cancel, ending{kind: "recall.cancelled"}, time.Second, 0},
		"completed before taken back":  {Cancel, ending{kind: "recall.completed"}, time.Second, 0},
		"cancelled, and not by anyone": {Ask, ending{kind: "recall.cancelled"}, time.Second, 1},
	} {
		tally := newTally()
		s := newStep(1)
		tc.end.at = due.Add(tc.after)
		tally.settle(&ask{kind: tc.kind, due: due, step: s}, tc.end)
		c := tally.counts()
		if c.Errors != tc.wrong || tally.ended.Load() != 1 || c.Completed+c.Cancelled+c.Failed+c.Expired != 1 {
			t.Errorf("%s: %+v", name, c)
		}
		timed := tally.terminal.Total("").Count
		if want := int64(1); tc.kind == Cancel && timed != 0 || tc.kind != Cancel && timed != want {
			t.Errorf("%s: its time counts %d times", name, timed)
		}
	}
}

func TestStepsHoldOrNot(t *testing.T) {
	t.Parallel()
	most := Thresholds{P95: 2 * time.Second, Errors: 0.01}
	for name, tc := range map[string]struct {
		quick, slow, wrong, open int
		holds                    bool
	}{
		"quick":             {quick: 1000, holds: true},
		"some are slow":     {quick: 960, slow: 40, holds: true},
		"too many are slow": {quick: 940, slow: 60},
		"some fail":         {quick: 995, wrong: 5, holds: true},
		"too many fail":     {quick: 985, wrong: 15},
		"many never end":    {quick: 900, open: 100},
	} {
		s := newStep(100)
		for n, took := range map[*int]time.Duration{&tc.quick: time.Millisecond, &tc.slow: 3 * time.Second} {
			for range *n {
				s.settled(took, false)
			}
		}
		for range tc.wrong {
			s.settled(time.Millisecond, true)
		}
		s.due.Store(int64(tc.quick + tc.slow + tc.wrong + tc.open))
		if o := s.judge(); o.holds(most) != tc.holds {
			t.Errorf("%s: %+v", name, o)
		}
	}
}

func TestMemoryIsNotComparedAfterAShortRest(t *testing.T) {
	t.Parallel()
	full, _ := ProfileOf("full")
	l := &load{o: Options{Profile: full.With(0, 0, time.Minute)}}
	var r report.Result
	if l.memory(&r, time.Now()); len(r.Checks) != 0 || len(r.Notes) != 1 {
		t.Errorf("%+v", r)
	}
}

// The least of each time is compared: collections come when they come.
func TestMemoryIsComparedAtItsLeast(t *testing.T) {
	t.Parallel()
	begun := time.Unix(1_700_000_000, 0)
	p := Profile{
		Stages:  Stages{{Name: "up", Ramp: 10 * time.Second, Hold: 10 * time.Second, Conns: 10}, {Name: "rest", Hold: 4 * time.Minute, Conns: 10}},
		Compare: "rest", Most: Thresholds{Memory: 0.1},
	}
	for name, tc := range map[string]struct {
		late int64
		ok   bool
	}{"as before": {100, true}, "a little more": {110, true}, "too much": {111, false}} {
		l := &load{o: Options{Profile: p}}
		for i := range 260 {
			heap := int64(500) // garbage, and more at the peak
			switch i {
			case 15:
				heap = 100
			case 250:
				heap = tc.late
			case 5, 30:
				heap = 1
			}
			l.watch.samples = append(l.watch.samples, report.Sample{
				At: begun.Add(time.Duration(i)*time.Second + time.Millisecond), HeapStack: heap, RSS: map[string]int64{report.Server: 7},
			})
		}
		var r report.Result
		l.memory(&r, begun)
		if len(r.Checks) != 2 || r.OK() != tc.ok {
			t.Errorf("%s: %+v", name, r.Checks)
		}
	}
}
