package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

func parseRates(text string) (rates []int, err error) {
	for field := range strings.SplitSeq(text, ",") {
		rate, err := strconv.Atoi(field)
		if err != nil || rate < 1 || rate > 1_000_000 {
			return nil, fmt.Errorf("%q is no rate from 1 to 1000000", field)
		}
		rates = append(rates, rate)
	}
	return rates, nil
}

// heading says what was compared, where and how, so that somebody can do it again.
// Load is of before the run: other work on the machine spoils times, CPU and memory less.
func heading(ctx context.Context, w io.Writer, s settings, load string) {
	fmt.Fprintf(w, "%s\n%s, %d cores, kernel %s, %s, load average %s before\n", time.Now().UTC().Format("2006-01-02 15:04 UTC"),
		model(), runtime.NumCPU(), kernel(), runtime.Version(), load)
	fmt.Fprintf(w, "coder/websocket %s, centrifuge %s, recall %s\n",
		version("github.com/coder/websocket"), version("github.com/centrifugal/centrifuge"), revision(ctx, s.root))
	fmt.Fprintf(w, "%s\n", strings.Join(os.Args, " "))
	fmt.Fprintf(w, "medians of %d rounds; memory of %d idle connections (GOGC=5, after a collection), messages over %d connections, %v at each rate\n\n",
		s.rounds, s.idle, s.busy, s.lasting)
}

func table(out io.Writer, s settings, rivals []rival, rounds map[string][]figures) {
	w := tabwriter.NewWriter(out, 0, 0, 3, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "\theap+stacks\tresident\t")
	for _, rate := range s.rates {
		fmt.Fprintf(w, "%d/s: CPU\tp50\tp99\t", rate)
	}
	fmt.Fprint(w, "\n\tKiB each\tKiB each\t", strings.Repeat("µs each\tms\tms\t", len(s.rates)), "\n")
	for _, r := range rivals {
		f := medians(rounds[r.name])
		fmt.Fprintf(w, "%s\t%.1f\t%.1f\t", r.name, f.heap/1024, f.rss/1024)
		for _, m := range f.rates {
			fmt.Fprintf(w, "%.1f\t%.2f\t%.2f\t", m.cpu.Seconds()*1e6, m.p50.Seconds()*1e3, m.p99.Seconds()*1e3)
		}
		fmt.Fprintln(w)
	}
	_ = w.Flush() // as printing above: the person would see it
	fmt.Fprint(out, "\nsent behind the plan, which is ours and is in the times above, p99 ms:")
	for _, r := range rivals {
		fmt.Fprintf(out, " %s", r.name)
		for _, m := range medians(rounds[r.name]).rates {
			fmt.Fprintf(out, " %.2f", m.behind.Seconds()*1e3)
		}
	}
	fmt.Fprintln(out)
}

// medians takes every figure for itself.
func medians(rounds []figures) (f figures) {
	f.heap = median(rounds, func(f figures) float64 { return f.heap })
	f.rss = median(rounds, func(f figures) float64 { return f.rss })
	for i := range rounds[0].rates {
		f.rates = append(f.rates, pace{
			cpu: median(rounds, func(f figures) time.Duration { return f.rates[i].cpu }),
			p50: median(rounds, func(f figures) time.Duration { return f.rates[i].p50 }),
			p99: median(rounds, func(f figures) time.Duration { return f.rates[i].p99 }),

			behind: median(rounds, func(f figures) time.Duration { return f.rates[i].behind }),
		})
	}
	return f
}

// median of an even number is the lower of the two in the middle: a value that was seen.
func median[T cmp.Ordered](rounds []figures, of func(figures) T) T {
	values := make([]T, len(rounds))
	for i, f := range rounds {
		values[i] = of(f)
	}
	slices.Sort(values)
	return values[(len(values)-1)/2]
}
