package load

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"recall/stress/report"
)

func atMost(name string, got, most float64, unit string) report.Check {
	show := func(x float64) string { return strings.TrimSpace(fmt.Sprintf("%.4g %s", x, unit)) }
	return report.Check{Name: name, Want: "less than " + show(most), Got: show(got), OK: got < most}
}

// thresholds judges what has ended so far; what has not is an error of the end.
func (l *load) thresholds(r *report.Result) {
	most := l.o.Profile.Most
	if most.P95 > 0 {
		r.Checks = append(r.Checks, atMost("p95 from due to terminal event", l.tally.terminal.Total("").P95, millis(most.P95), "ms"))
	}
	if most.First > 0 {
		r.Checks = append(r.Checks, atMost("p95 from due to first event", l.tally.first.Total("").P95, millis(most.First), "ms"))
	}
}

func millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// cost tells what a recall takes of each process, idle connections included.
func (l *load) cost(r *report.Result, begun time.Time) {
	ended := float64(max(1, l.tally.ended.Load()-l.warmed))
	used := cpu(between(l.watch.all(), begun, time.Now()))
	var parts []string
	for _, name := range []string{report.Server, report.Postgres, report.Emulator, report.Harness} {
		parts = append(parts, fmt.Sprintf("%s %.2f", name, 1000*used[name]/ended))
	}
	r.Notes = append(r.Notes, "CPU for each ended recall, idle connections included, in ms: "+strings.Join(parts, ", "))
}

// restAtLeast is how long unused grains stay (2 min) and pages are cached (1 min).
const restAtLeast = 3 * time.Minute

// memory compares the rest behind the load with the first stage. The least of each time
// counts: garbage comes and goes between two collections, and is nobody's leak.
func (l *load) memory(r *report.Result, begun time.Time) {
	p := l.o.Profile
	if p.Compare == "" || p.Most.Memory == 0 {
		return
	}
	if p.Stages.hold(p.Compare) < restAtLeast {
		r.Notes = append(r.Notes, fmt.Sprintf("memory was not compared: unused grains and pages need %s to go, more than this run rests", restAtLeast))
		return
	}
	first := p.Stages[0]
	up := between(l.watch.all(), begun.Add(first.Ramp), begun.Add(first.Ramp+first.Hold))
	end := begun.Add(p.Stages.End(p.Compare))
	down := between(l.watch.all(), end.Add(-max(first.Hold, time.Minute)), end)
	if len(up) == 0 || len(down) == 0 {
		r.Notes = append(r.Notes, "memory was not compared: there were no samples")
		return
	}
	for name, of := range map[string]func(report.Sample) int64{
		"heap and stacks": func(s report.Sample) int64 { return s.HeapStack },
		"resident memory": func(s report.Sample) int64 { return s.RSS[report.Server] },
	} {
		before, after := float64(least(up, of)), float64(least(down, of))
		r.Checks = append(r.Checks, report.Check{
			Name: fmt.Sprintf("%s at %d connections, at the end", name, first.Conns), Want: fmt.Sprintf("at most %.0f %% above the start's %.1f MB", 100*p.Most.Memory, before/1e6),
			Got: fmt.Sprintf("%.1f MB", after/1e6), OK: after <= before*(1+p.Most.Memory),
		})
	}
}

func least(samples []report.Sample, of func(report.Sample) int64) int64 {
	return of(slices.MinFunc(samples, func(a, b report.Sample) int { return int(of(a) - of(b)) }))
}
