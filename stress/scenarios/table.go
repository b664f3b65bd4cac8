package scenarios

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"recall/stress/report"
)

// Write prints an outcome: a line for each check, the broken ones with what was seen.
func (o Outcome) Write(w io.Writer) error {
	word := map[bool]string{true: "ok", false: "FAILED"}
	fmt.Fprintf(w, "%s  %s, %d checks, %v\n", word[o.OK()], o.Scenario, len(o.Checks), o.Took.Round(100*time.Millisecond))
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, c := range o.Checks {
		fmt.Fprintf(t, "    %s\t%s\t%s\t%s\n", word[c.OK], c.Name, c.Want, c.Got)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if o.Err != nil {
		_, err := fmt.Fprintf(w, "    it did not come to its end: %v\n", o.Err)
		return err
	}
	return nil
}

// WriteSummary prints a line for each outcome.
func WriteSummary(w io.Writer, all []Outcome) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "scenario\tchecks\ttook\t")
	for _, o := range all {
		broken := count(o.Checks, func(c report.Check) bool { return !c.OK })
		said := fmt.Sprintf("%d ok", len(o.Checks)-broken)
		if broken > 0 {
			said += fmt.Sprintf(", %d FAILED", broken)
		}
		if o.Err != nil {
			said += ", NOT PLAYED TO ITS END"
		}
		fmt.Fprintf(t, "%s\t%s\t%.1f s\t\n", o.Scenario, said, o.Took.Seconds())
	}
	return t.Flush()
}
