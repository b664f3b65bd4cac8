package main

import (
	"fmt"
	"runtime"
	"strings"
	"time"
)

// worthReport is the figure as the README shows it.
type worthReport struct {
	script  string // in words
	machine string
	rounds  int     // that each row was played
	rows    []worth // the first has everything on, the last everything off
}

func machine() string {
	return fmt.Sprintf("%d cores, %s, %s, %s", runtime.NumCPU(), cpuModel(), runtime.Version(), time.Now().Format(time.DateOnly))
}

var worthColumns = []string{
	"switched off", "queries per recall in a conversation", "the same, all around", "queries per read", "threads hit", "messages hit", "answers hit",
	"shared", "ahead", "recall p50 / p95, ms", "page turn p50 / p95, ms", "outside calls per recall", "CPU per recall, ms", "CPU per read, ms",
}

func (r worthReport) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "`go run ./stress figures worth%s` (%s). The same script in each row, each with a server process of its own and the same past:\n%s.\n\n",
		r.flags(), r.machine, r.script)
	b.WriteString(line(worthColumns...) + "|---|" + strings.Repeat("---:|", len(worthColumns)-1) + "\n")
	for _, w := range r.rows {
		b.WriteString(w.markdown())
	}
	b.WriteString(worthLegend)
	if len(r.rows) > 1 {
		b.WriteString("\n" + beside(r.rows[0], r.rows[len(r.rows)-1]))
	}
	return b.String()
}

// flags are what the command has to be told to play as many rounds.
func (r worthReport) flags() string {
	if r.rounds < 2 {
		return ""
	}
	return fmt.Sprintf(" --rounds %d", r.rounds)
}

// worthLegend says what the columns are.
const worthLegend = `
Queries are round trips to the database. People first read (a *read* is a request for a list of threads or a page of messages), then ask in new threads, then go on talking in these. *In a
conversation* is of the last part alone; *all around* is of the last two, with new threads, uploads, and the lists and pages that are read in between. *Hit* is the share of look-ups in that cache,
*shared* counts loads and calls that joined an equal one (debounced ones among them), *ahead* loads before anybody asked. CPU is that of the server's process + its Postgres, of a recall with all
around. Only first questions can be shared outside: what is said later depends on its conversation. Optimisations stand in for each other: where one is off, others do a part of its work. Each row is
one run (of several rounds the middle one) on a shared machine: times and CPU vary by some tenths of themselves, and how many commits are written together depends on how many happen to come at the
same time; the other counts hardly vary.
`

// markdown is the row.
func (w worth) markdown() string {
	asked, r := w.asked(), w.reading
	return line(
		w.name, each(float64(w.talking.queries), w.talking.recalls), each(float64(asked.queries), asked.recalls), each(float64(r.queries), r.reads),
		hits(w.before, w.after, "threads"), hits(w.before, w.after, "messages"), hits(w.before, w.after, "answers"),
		fmt.Sprint(w.after.shared()-w.before.shared()), fmt.Sprint(total(w.after.Prefetched)-total(w.before.Prefetched)),
		fmt.Sprintf("%.0f / %.0f", ms(w.recalls.at(50)), ms(w.recalls.at(95))), fmt.Sprintf("%.1f / %.1f", ms(w.turns.at(50)), ms(w.turns.at(95))), each(float64(w.calls), asked.recalls),
		cost(asked, asked.recalls), cost(r, r.reads),
	)
}

// asked is the part of asking and that of talking together.
func (w worth) asked() part { return w.asking.and(w.talking) }

// cost is the processor time of each of n.
func cost(p part, n int) string { return each(ms(p.cpu), n) + " + " + each(ms(p.database), n) }

// hits is a share in percent; – where nobody looked anything up.
func hits(before, after counts, cache string) string {
	share, ok := after.since(before, cache).rate()
	if !ok {
		return "–"
	}
	return percent(share)
}

func percent(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }

// each is a sum divided among n; – among none.
func each(sum float64, n int) string {
	if n == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f", sum/float64(n))
}

// line is a line of a Markdown table.
func line(cells ...string) string { return "| " + strings.Join(cells, " | ") + " |\n" }
