package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// axis maps values to 0..1 along it.
type axis struct {
	lo, hi float64 // of what scale makes of the values
	scale  func(float64) float64
	ticks  []float64 // values
	label  func(float64) string
}

func (a axis) at(v float64) float64 { return (a.scale(v) - a.lo) / (a.hi - a.lo) }

func same(v float64) float64 { return v }

// linear begins at 0 and ends at a tick at or above the greatest value.
func linear(greatest float64) axis {
	step := niceStep(greatest / 5)
	a := axis{scale: same, label: number}
	for i := 0; ; i++ {
		v := step * float64(i)
		a.ticks, a.hi = append(a.ticks, v), v
		if i > 0 && v >= greatest {
			return a
		}
	}
}

// niceStep is the next of 1, 2, 5 × a power of ten.
func niceStep(least float64) float64 {
	if least <= 0 {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(least)))
	for _, factor := range []float64{1, 2, 5} {
		if factor*power >= least*(1-1e-9) {
			return factor * power
		}
	}
	return 10 * power
}

// logarithmic has ticks at powers of ten, and between them where these are few. Values
// of 0 and less lie at its lower end.
func logarithmic(least, greatest float64) axis {
	least = max(least, greatest/1e6)
	first, last := math.Floor(math.Log10(least)), math.Ceil(math.Log10(greatest))
	last = max(last, first+1)
	a := axis{lo: first, hi: last, label: number}
	a.scale = func(v float64) float64 { return math.Log10(max(v, math.Pow(10, first))) }
	for power := first; power <= last; power++ {
		for _, factor := range factors(last - first) {
			if v := factor * math.Pow(10, power); factor == 1 || power < last {
				a.ticks = append(a.ticks, v)
			}
		}
	}
	return a
}

func factors(decades float64) []float64 {
	if decades <= 3 {
		return []float64{1, 2, 5}
	}
	return []float64{1}
}

// percentiles gives every nine behind the point as much room as the first: the few
// slowest are what such a plot is for.
func percentiles(greatest float64) axis {
	a := axis{scale: func(p float64) float64 { return -math.Log10(1 - p/100) }}
	a.label = func(p float64) string { return strconv.FormatFloat(roundTo(p, 6), 'f', -1, 64) }
	a.hi = max(a.scale(greatest), 1)
	for _, p := range []float64{0, 50, 90, 99, 99.9, 99.99, 99.999} {
		if a.scale(p) <= a.hi {
			a.ticks = append(a.ticks, p)
		}
	}
	return a
}

// clock counts seconds, shown as minutes and seconds.
func clock(greatest float64) axis {
	steps := []float64{1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600}
	step := steps[len(steps)-1]
	for i := len(steps) - 1; i >= 0 && greatest/steps[i] <= 6; i-- {
		step = steps[i]
	}
	a := axis{hi: max(greatest, 1), scale: same, label: minutes}
	for v := 0.0; v <= a.hi; v += step {
		a.ticks = append(a.ticks, v)
	}
	return a
}

func minutes(seconds float64) string {
	d := time.Duration(seconds) * time.Second
	return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60)
}

// number is short: 3 digits, thousands apart.
func number(v float64) string {
	if math.Abs(v) < 1000 {
		return strconv.FormatFloat(roundTo(v, 3), 'f', -1, 64)
	}
	s := strconv.FormatFloat(math.Round(v), 'f', 0, 64)
	var groups []string
	for ; len(strings.TrimPrefix(s, "-")) > 3; s = s[:len(s)-3] {
		groups = append([]string{s[len(s)-3:]}, groups...)
	}
	return strings.Join(append([]string{s}, groups...), "\u202f")
}

func roundTo(v float64, digits int) float64 {
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', digits, 64), 64)
	return rounded
}
