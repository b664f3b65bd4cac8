package judge_test

import (
	"slices"
	"testing"
)

// steps are the questions of one history: enough to find any of the flaws.
const steps = 600

// A server that keeps its promises is never accused, however the network delays
// and loses, and whatever is repeated.
func TestRightServersAreNeverAccused(t *testing.T) {
	t.Parallel()
	refused := 0
	for seed := range uint64(60) {
		s := newSim(seed, flaws{})
		s.asks(steps)
		s.run()
		checks := s.Verdict()
		if got := broken(checks); len(got) > 0 {
			t.Fatalf("seed %d: %v: %+v", seed, got, checks)
		}
		if len(s.jobs) < steps {
			refused++
		}
	}
	if refused < 30 {
		t.Errorf("only %d histories met a limit", refused)
	}
}

// Every flaw is found in every history of some length.
func TestFlawsAreFound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		flaws flaws
		want  string
	}{
		{"eleven a minute", flaws{more: 1}, exceeded},
		{"nine a minute", flaws{more: -1}, wrongly},
		{"six at once", flaws{crowd: 1, calm: true}, exceeded},
		{"four at once", flaws{crowd: -1, calm: true}, wrongly},
		{"slots leak", flaws{leaks: 0.05}, wrongly},
		{"slots come back late", flaws{lateness: 10}, wrongly},
		{"refusals are charged", flaws{charges: true}, wrongly},
		{"two ends", flaws{twice: 0.02}, once},
		{"no end", flaws{mute: 0.02}, ended},
		{"requests are forgotten", flaws{forgets: true}, fits},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(10) {
				s := newSim(seed, c.flaws)
				s.asks(steps)
				s.run()
				if got := broken(s.Verdict()); !slices.Contains(got, c.want) {
					t.Errorf("seed %d: only %v found", seed, got)
				}
			}
		})
	}
}
