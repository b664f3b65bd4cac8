package load

import (
	"math"
	"slices"
	"testing"
	"time"
)

func plan(seed uint64) Plan {
	return Plan{Stages: Stages{{Ramp: 100 * time.Second, Hold: 100 * time.Second, Conns: 1000}}, Rate: 100, Mix: everyday, Seed: seed}
}

func TestTheSameSeedPlansTheSame(t *testing.T) {
	t.Parallel()
	a, b, c := slices.Collect(plan(1).Arrivals()), slices.Collect(plan(1).Arrivals()), slices.Collect(plan(2).Arrivals())
	if !slices.Equal(a, b) {
		t.Error("two plans of one seed differ")
	}
	if slices.Equal(a, c) {
		t.Error("plans of two seeds are the same")
	}
}

// Numbers of a Poisson process have a standard deviation of their root; five of them
// are as good as never.
func near(t *testing.T, what string, got int, want float64) {
	t.Helper()
	if math.Abs(float64(got)-want) > 5*math.Sqrt(want) {
		t.Errorf("%s: %d, want about %.0f", what, got, want)
	}
}

// The rate follows the connections: of a ramp to the peak, half as many come as in the
// same time at it, and three quarters of them in its second half.
func TestArrivalsFollowTheConnections(t *testing.T) {
	t.Parallel()
	p := plan(3)
	var early, late, held, recalls int
	before := time.Duration(0)
	for a := range p.Arrivals() {
		if a.Due < before || a.Due >= p.Stages.Length() {
			t.Fatalf("due at %s after %s", a.Due, before)
		}
		switch before = a.Due; {
		case a.Due < 50*time.Second:
			early++
		case a.Due < 100*time.Second:
			late++
		default:
			held++
		}
		recalls += a.Kind.recalls()
	}
	each := p.Mix.arrivals(p.Rate)
	near(t, "first half of the ramp", early, each*12.5)
	near(t, "second half of the ramp", late, each*37.5)
	near(t, "at the peak", held, each*100)
	if math.Abs(float64(recalls)-150*p.Rate) > 0.05*150*p.Rate {
		t.Errorf("%d recalls, want about %.0f", recalls, 150*p.Rate)
	}
}

// Independent arrivals are apart by an exponential distribution: its deviation is its
// mean. Even ones would have none.
func TestArrivalsAreIndependent(t *testing.T) {
	t.Parallel()
	var gaps []float64
	before, mean := 0.0, 0.0
	for a := range (Plan{Stages: Stages{{Hold: 200 * time.Second, Conns: 1}}, Rate: 100, Mix: typed, Seed: 4}).Arrivals() {
		gaps = append(gaps, a.Due.Seconds()-before)
		before = a.Due.Seconds()
	}
	for _, g := range gaps {
		mean += g / float64(len(gaps))
	}
	square := 0.0
	for _, g := range gaps {
		square += (g - mean) * (g - mean) / float64(len(gaps))
	}
	if spread := math.Sqrt(square) / mean; spread < 0.95 || spread > 1.05 {
		t.Errorf("gaps of %.4f s spread by %.2f of it, want 1", mean, spread)
	}
}

func TestNobodyArrivesWhereNobodyIs(t *testing.T) {
	t.Parallel()
	for what, p := range map[string]Plan{
		"no rate":        {Stages: Stages{{Hold: time.Minute, Conns: 1}}, Mix: everyday},
		"no connections": {Stages: Stages{{Hold: time.Minute}}, Rate: 10, Mix: everyday},
		"no recalls":     {Stages: Stages{{Hold: time.Minute, Conns: 1}}, Rate: 10, Mix: Mix{Page: 1}},
		"no stages":      {Rate: 10, Mix: everyday},
	} {
		for a := range p.Arrivals() {
			t.Fatalf("%s: %+v", what, a)
		}
	}
}
