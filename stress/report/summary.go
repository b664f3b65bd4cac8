package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Verdict says in a few words whether the run did what it had to.
func (r Result) Verdict() string {
	failed := 0
	for _, c := range r.Checks {
		if !c.OK {
			failed++
		}
	}
	switch {
	case len(r.Checks) == 0:
		return "nothing was checked"
	case failed == 0:
		return fmt.Sprintf("all %d checks hold", len(r.Checks))
	default:
		return fmt.Sprintf("%d of %d checks failed", failed, len(r.Checks))
	}
}

// When tells when the run was, how long it took and what to repeat it with.
func (r Result) When() string {
	took := time.Duration(r.Seconds * float64(time.Second)).Round(time.Second)
	return fmt.Sprintf("%s · took %v · seed %d", r.Date.UTC().Format("2006-01-02 15:04 UTC"), took, r.Seed)
}

// Hardware describes the machine in a line.
func (r Result) Hardware() string {
	m := r.Machine
	known := slices.DeleteFunc([]string{m.CPU, plural(m.Cores, "core"), gib(m.Memory), m.Kernel, m.Go}, func(s string) bool { return s == "" })
	return strings.Join(known, ", ")
}

func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

func gib(bytes int64) string {
	if bytes == 0 {
		return ""
	}
	return fmt.Sprintf("%.0f GiB", float64(bytes)/(1<<30))
}

// Headline is the few numbers that a reader looks for first.
func (r Result) Headline() (all []Setting) {
	if len(r.Latencies) > 0 {
		l := r.Latencies[0]
		for _, q := range []Setting{{"p50", number(l.P50)}, {"p95", number(l.P95)}, {"p99", number(l.P99)}} {
			all = append(all, Setting{q.Name + ", " + l.Name, q.Value + " ms"})
		}
	}
	peak := 0
	for _, s := range r.Samples {
		peak = max(peak, s.Connections)
	}
	return append(all,
		Setting{"most connections", number(float64(peak))},
		Setting{"recalls ended", number(float64(r.Counts.ended()))},
		Setting{"errors", number(float64(r.Counts.Errors))})
}

func (c Counts) ended() int64 {
	return c.Completed + c.NoMatch + c.Cancelled + c.Failed + c.Expired
}

// Numbers are the counts by name.
func (r Result) Numbers() (all []Setting) {
	add := func(name string, n int64) { all = append(all, Setting{name, number(float64(n))}) }
	c := r.Counts
	add("due", c.Due)
	add("accepted", c.Accepted)
	for _, code := range slices.Sorted(maps.Keys(c.Refused)) {
		add("refused: "+code, c.Refused[code])
	}
	add("completed", c.Completed)
	add("no match", c.NoMatch)
	add("degraded", c.Degraded)
	add("cancelled", c.Cancelled)
	add("failed", c.Failed)
	add("expired", c.Expired)
	add("errors", c.Errors)
	return all
}
