package load

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
)

func TestMixPicksByWeight(t *testing.T) {
	t.Parallel()
	m := Mix{Ask: 1, Voice: 2, Resume: 1}
	for at, want := range map[float64]Kind{0: Ask, 0.2499: Ask, 0.25: Voice, 0.7499: Voice, 0.75: Resume, 0.9999: Resume, 1: Resume} {
		if got := m.pick(at); got != want {
			t.Errorf("%g is %s, want %s", at, got, want)
		}
	}
}

func TestMixCountsTheRecallsOfAnArrival(t *testing.T) {
	t.Parallel()
	m := Mix{Ask: 1, Hammer: 1, Page: 2}
	if got := m.recalls(); got != 2 {
		t.Errorf("%g recalls an arrival, want (1 + 7) / 4", got)
	}
	if got := m.arrivals(10); math.Abs(got-5) > 1e-9 {
		t.Errorf("%g arrivals a second for 10 recalls, want 5", got)
	}
	if (Mix{}).recalls() != 0 || (Mix{Page: 1}).arrivals(10) != 0 {
		t.Error("who asks nothing brings recalls")
	}
}

// The table of the package's doc has the weights that are used.
func TestDocHasTheMix(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]bool{}
	for line := range strings.Lines(string(doc)) {
		if fields := strings.Fields(line); len(fields) > 3 {
			lines[strings.Join(fields[1:4], " ")] = true
		}
	}
	for k := range kinds {
		if want := fmt.Sprintf("%s %g %g", k, everyday[k], typed[k]); !lines[want] {
			t.Errorf("doc.go has no line %q", want)
		}
	}
}
