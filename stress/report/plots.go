package report

import (
	"maps"
	"math"
	"slices"
	"time"
)

const (
	mib     = 1 << 20
	legible = 5 // lines that one can tell apart in a plot
)

// plots are the drawings of a result, without those that would be empty.
func plots(r Result) (all []plot) {
	t := timeline{samples: r.Samples}
	add := func(p plot, found bool) {
		if found {
			all = append(all, p)
		}
	}
	add(t.latency("Latency, due to terminal event", func(s Sample) Quantiles { return s.Latency }))
	add(t.latency("Latency, due to first event", func(s Sample) Quantiles { return s.First }))
	title := "Distribution of latencies"
	for some := range slices.Chunk(r.Latencies, legible) {
		add(distributions(title, some))
		title = "Distribution of other latencies"
	}
	add(t.plot("Connections", "open", t.of("connections", func(s Sample) float64 { return float64(s.Connections) })))
	add(t.plot("Recalls", "a second",
		t.of("due", func(s Sample) float64 { return s.Arrivals }),
		t.of("ended", func(s Sample) float64 { return s.Ended }),
		t.of("errors", func(s Sample) float64 { return s.Errors })))
	add(t.plot("Open recalls", "at once", t.of("open", func(s Sample) float64 { return float64(s.Open) })))
	add(t.plot("CPU", "cores", t.perProcess(func(s Sample) map[string]float64 { return s.CPU })...))
	add(t.plot("Memory of each process", "MiB resident", t.perProcess(resident)...))
	add(t.plot("Memory of the server", "MiB", t.of("heap and stacks", func(s Sample) float64 { return float64(s.HeapStack) / mib })))
	add(t.plot("Database", "a second",
		t.of("queries", func(s Sample) float64 { return s.Queries }),
		t.of("round trips", func(s Sample) float64 { return s.RoundTrips })))
	add(t.plot("Cache hits", "% of look-ups",
		t.of("threads", func(s Sample) float64 { return percent(s.HitRate.Threads) }),
		t.of("messages", func(s Sample) float64 { return percent(s.HitRate.Messages) }),
		t.of("answers", func(s Sample) float64 { return percent(s.HitRate.Answers) })))
	return all
}

// percent of no look-ups is a gap.
func percent(rate float64) float64 {
	if rate < 0 {
		return math.NaN()
	}
	return 100 * rate
}

func resident(s Sample) map[string]float64 {
	in := make(map[string]float64, len(s.RSS))
	for process, bytes := range s.RSS {
		in[process] = float64(bytes) / mib
	}
	return in
}

// timeline makes plots over the time since the first sample.
type timeline struct{ samples []Sample }

func (t timeline) seconds(i int) float64 {
	return t.samples[i].At.Sub(t.samples[0].At).Round(time.Millisecond).Seconds()
}

func (t timeline) of(name string, value func(Sample) float64) series {
	s := series{Name: name}
	for i, sample := range t.samples {
		s.x, s.y = append(s.x, t.seconds(i)), append(s.y, value(sample))
	}
	return s
}

// perProcess has a gap where a process did not run.
func (t timeline) perProcess(values func(Sample) map[string]float64) (all []series) {
	seen := map[string]bool{}
	for _, s := range t.samples {
		for process := range values(s) {
			seen[process] = true
		}
	}
	for _, process := range processes(seen) {
		all = append(all, t.of(process, func(s Sample) float64 {
			if v, runs := values(s)[process]; runs {
				return v
			}
			return math.NaN()
		}))
	}
	return all
}

// processes have the same order, and so the same colours, in each plot.
func processes(seen map[string]bool) (names []string) {
	for _, known := range []string{Server, Postgres, Emulator, Harness} {
		if seen[known] {
			names = append(names, known)
			delete(seen, known)
		}
	}
	return append(names, slices.Sorted(maps.Keys(seen))...)
}

// latency has a gap in seconds in which nothing ended.
func (t timeline) latency(title string, of func(Sample) Quantiles) (plot, bool) {
	line := func(name string, value func(Quantiles) float64) series {
		return t.of(name, func(s Sample) float64 {
			if q := of(s); q.Count > 0 {
				return value(q)
			}
			return math.NaN()
		})
	}
	all := []series{
		line("p50", func(q Quantiles) float64 { return q.P50 }),
		line("p95", func(q Quantiles) float64 { return q.P95 }),
		line("p99", func(q Quantiles) float64 { return q.P99 }),
	}
	p, found := t.plot(title, "ms, log scale", all...)
	if found {
		least, greatest, _ := bounds(all)
		p.y = logarithmic(least, greatest)
	}
	return p, found
}

func (t timeline) plot(title, unit string, all ...series) (plot, bool) {
	_, greatest, found := bounds(all)
	if !found {
		return plot{}, false
	}
	p := plot{Title: title, XName: "minutes since the start", YName: unit, y: linear(greatest), Series: all}
	p.x = clock(t.seconds(len(t.samples) - 1))
	return p, true
}

// distributions compares latencies of the whole run.
func distributions(title string, of []Distribution) (plot, bool) {
	p := plot{Title: title, XName: "percentile, log scale", YName: "ms, log scale"}
	last := 0.0
	for _, d := range of {
		s := series{Name: d.Name}
		for _, point := range d.Curve {
			s.x, s.y = append(s.x, point.Percent), append(s.y, point.Millis)
			last = max(last, point.Percent)
		}
		p.Series = append(p.Series, s)
	}
	least, greatest, found := bounds(p.Series)
	if !found {
		return p, false
	}
	p.x, p.y = percentiles(last), logarithmic(least, greatest)
	return p, true
}
