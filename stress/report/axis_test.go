package report

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Whatever is drawn, it lies on its axes, and these have places to read it by.
func TestAxesHoldTheirValues(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		greatest := rapid.Float64Range(1e-6, 1e5).Draw(t, "greatest")
		least := rapid.Float64Range(1e-9, 1).Draw(t, "part") * greatest
		for name, a := range map[string]axis{"linear": linear(greatest), "logarithmic": logarithmic(least, greatest), "clock": clock(greatest)} {
			for _, v := range append(slices.Clone(a.ticks), least, 0) {
				if at := a.at(min(v, greatest)); !(at >= -1e-9 && at <= 1+1e-9) {
					t.Fatalf("%s: %v lies at %v", name, v, at)
				}
			}
			if n := len(a.ticks); n < 2 || n > 35 {
				t.Fatalf("%s: %d ticks", name, n)
			}
		}
	})
}

func TestPercentilesHaveRoomForTheSlowest(t *testing.T) {
	t.Parallel()
	a := percentiles(99.9)
	if got := a.ticks; !slices.Equal(got, []float64{0, 50, 90, 99, 99.9}) {
		t.Errorf("ticks %v", got)
	}
	if second, third := a.at(99)-a.at(90), a.at(99.9)-a.at(99); second-third > 1e-6 || third-second > 1e-6 {
		t.Errorf("nines have %v and %v", second, third)
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]string{0: "0", 0.12345: "0.123", 47.77: "47.8", 999: "999", 1395.2: "1\u202f395", 1234567: "1\u202f234\u202f567", -12345: "-12\u202f345"} {
		if got := number(v); got != want {
			t.Errorf("%v is %q, want %q", v, got, want)
		}
	}
	if got := minutes(725); got != "12:05" {
		t.Errorf("725 s are %q", got)
	}
}
