package load

import (
	"testing"
	"time"
)

func TestStagesGoInStraightLinesAndStay(t *testing.T) {
	t.Parallel()
	s := Stages{
		{Name: "up", Ramp: 10 * time.Second, Hold: 5 * time.Second, Conns: 100},
		{Name: "jump", Hold: 5 * time.Second, Conns: 300},
		{Name: "down", Ramp: 20 * time.Second, Conns: 100},
	}
	for _, tc := range []struct {
		at    time.Duration
		conns int
		name  string
	}{
		{0, 0, "up"}, {time.Second, 10, "up"}, {10 * time.Second, 100, "up"}, {15*time.Second - 1, 100, "up"},
		{15 * time.Second, 300, "jump"}, {20 * time.Second, 300, "down"}, {30 * time.Second, 200, "down"}, {time.Hour, 100, "down"},
	} {
		if conns, name := s.At(tc.at); conns != tc.conns || name != tc.name {
			t.Errorf("at %s: %d connections in %q, want %d in %q", tc.at, conns, name, tc.conns, tc.name)
		}
	}
	if s.Length() != 40*time.Second || s.Peak() != 300 || s.End("jump") != 20*time.Second || s.End("none") != 0 {
		t.Errorf("length %s, peak %d, end of jump %s", s.Length(), s.Peak(), s.End("jump"))
	}
	if at := stormAt(s); at != 17500*time.Millisecond {
		t.Errorf("the storm comes at %s", at)
	}
}

// The course of full is that of the earlier version, and short its tenth.
func TestProfilesHaveTheirShape(t *testing.T) {
	t.Parallel()
	full, _ := ProfileOf("full")
	for at, conns := range map[time.Duration]int{
		2 * time.Minute: 1000, 7 * time.Minute: 5000, 8 * time.Minute: 10_000, 17*time.Minute - 1: 10_000, 19 * time.Minute: 1000,
	} {
		if got, _ := full.Stages.At(at); got != conns {
			t.Errorf("full has %d connections after %s, want %d", got, at, conns)
		}
	}
	short, _ := ProfileOf("short")
	if short.Stages.Length() != 114*time.Second || short.Stages.Peak() != 10_000 {
		t.Errorf("short takes %s with %d connections", short.Stages.Length(), short.Stages.Peak())
	}
	if _, ok := ProfileOf("none"); ok {
		t.Error("a profile that there is not was found")
	}
}

func TestWithReplacesNumbers(t *testing.T) {
	t.Parallel()
	full, _ := ProfileOf("full")
	p := full.With(50, 7, 19*time.Second)
	if p.Stages.Peak() != 50 || p.Rate != 7 || p.Stages.Length().Round(time.Second) != 19*time.Second {
		t.Errorf("%d connections, rate %g, %s", p.Stages.Peak(), p.Rate, p.Stages.Length())
	}
	if p.Stages[0].Conns != 5 || full.Stages[0].Conns != 1000 {
		t.Errorf("the first stage has %d connections, that of full now %d", p.Stages[0].Conns, full.Stages[0].Conns)
	}
	if q := full.With(0, 0, 0); q.Rate != full.Rate || q.Stages.Length() != full.Stages.Length() {
		t.Error("nothing given changed something")
	}
}
