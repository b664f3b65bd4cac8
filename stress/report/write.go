package report

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
)

// JSON writes the result for other programs. It reads back without loss.
func JSON(w io.Writer, r Result) error {
	lines := json.NewEncoder(w)
	lines.SetIndent("", "  ")
	return lines.Encode(r)
}

// Table writes what a person at a terminal wants to know first.
func Table(w io.Writer, r Result) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%s: %s\n%s\n%s\n%s\n\n", r.Name, r.Verdict(), r.Command, r.When(), r.Hardware())
	pairs(t, r.Settings)
	pairs(t, r.Numbers())
	latencies(t, r.Latencies)
	checks(t, r.Checks)
	for _, note := range r.Notes {
		fmt.Fprintln(t, note)
	}
	return t.Flush()
}

func pairs(w io.Writer, all []Setting) {
	for _, s := range all {
		fmt.Fprintf(w, "  %s\t%s\n", s.Name, s.Value)
	}
	fmt.Fprintln(w)
}

func latencies(w io.Writer, all []Distribution) {
	if len(all) == 0 {
		return
	}
	fmt.Fprintln(w, "  ms\tp50\tp90\tp95\tp99\tp99.9\tmax\tcount")
	for _, d := range all {
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\t%s\t%s\t%s\t%d\n", d.Name,
			number(d.P50), number(d.P90), number(d.P95), number(d.P99), number(d.P999), number(d.Max), d.Count)
	}
	fmt.Fprintln(w)
}

// checks come last: the end is what is still on the screen.
func checks(w io.Writer, all []Check) {
	for _, c := range all {
		verdict := "pass"
		if !c.OK {
			verdict = "FAIL"
		}
		fmt.Fprintf(w, "%s\t%s\twant %s\tgot %s\n", verdict, c.Name, c.Want, c.Got)
	}
}
