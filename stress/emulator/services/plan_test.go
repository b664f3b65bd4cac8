package services

import (
	"slices"
	"testing"
	"time"
)

func TestFaultsLastAsLongAsPlanned(t *testing.T) {
	t.Parallel()
	p := newPlan(1)
	first, _ := FaultNamed(Whisper, "status_500")
	second, _ := FaultNamed(Whisper, "status_503")
	p.add(Whisper, &rule{fault: first, left: 2, probability: 1})
	p.add(Whisper, &rule{fault: second, left: -1, probability: 1})
	var got []string
	for range 5 {
		f, _ := p.next(Whisper)
		got = append(got, f.Name)
	}
	if want := []string{"status_500", "status_500", "status_503", "status_503", "status_503"}; !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if _, any := p.next(GPT4o); any {
		t.Error("another service has faults")
	}
	p.clear(Names())
	if _, any := p.next(Whisper); any {
		t.Error("faults after clear")
	}
}

func TestProbabilitiesFollowFromTheSeed(t *testing.T) {
	t.Parallel()
	draw := func(seed uint64) (out []bool) {
		p := newPlan(seed)
		p.add(Shazam, &rule{fault: Fault{Name: "x"}, left: -1, probability: 0.3})
		for range 1000 {
			_, hit := p.next(Shazam)
			out = append(out, hit)
		}
		return out
	}
	once, again, other := draw(7), draw(7), draw(8)
	hits := 0
	for _, h := range once {
		if h {
			hits++
		}
	}
	if !slices.Equal(once, again) || slices.Equal(once, other) || hits < 230 || hits > 370 {
		t.Errorf("%d hits of 1000", hits)
	}
}

func TestUnknownNamesAreTold(t *testing.T) {
	t.Parallel()
	s := New(Options{})
	defer s.Close()
	if err := s.InjectNamed("spotify", "x", 1); err == nil {
		t.Error("unknown service")
	}
	if err := s.InjectNamed(Whisper, "x", 1); err == nil {
		t.Error("unknown fault")
	}
}

// Calls side by side count once.
func TestProviderTimeIsTheUnion(t *testing.T) {
	t.Parallel()
	s := New(Options{})
	defer s.Close()
	zero := time.Unix(1000, 0)
	at := func(seconds int) time.Time { return zero.Add(time.Duration(seconds) * time.Second) }
	for _, c := range [][2]int{{0, 4}, {1, 3}, {2, 6}, {10, 11}} {
		s.log.calls = append(s.log.calls, Call{RequestID: "r", Start: at(c[0]), End: at(c[1])})
	}
	s.log.calls = append(s.log.calls, Call{RequestID: "r", Start: at(20)}, Call{RequestID: "other", Start: at(0), End: at(60)})
	if got := s.ProviderTime("r"); got != 7*time.Second {
		t.Errorf("%v, want 7 s", got)
	}
}

func TestPace(t *testing.T) {
	t.Parallel()
	p := newPace(Options{}.filled())
	if got := p.interval(); got != time.Second/30 {
		t.Errorf("interval %v", got)
	}
	if p.latency() != 0 {
		t.Error("a pause that nobody asked for")
	}
	p.set(-1, time.Second)
	if p.interval() != 0 {
		t.Error("pauses in spite of none")
	}
	below := 0
	for range 1000 {
		d := p.latency()
		if d <= 0 || d > 10*time.Second {
			t.Fatalf("latency %v", d)
		}
		if d < time.Second {
			below++
		}
	}
	if below < 400 || below > 600 {
		t.Errorf("%d of 1000 below the median", below)
	}
}
