package judge

import (
	"fmt"
	"strings"

	"recall/stress/report"
)

// named is how many offenders are told by name: enough to look into, however
// many there are.
const named = 3

// offenders counts offences and remembers the first few.
type offenders struct {
	count int
	first []string
}

func (o *offenders) add(format string, args ...any) {
	o.count++
	if len(o.first) < named {
		o.first = append(o.first, fmt.Sprintf(format, args...))
	}
}

// check is the row of the report: none of so many may offend.
func (o *offenders) check(name, want string, of int, what string) report.Check {
	got := fmt.Sprintf("%d of %d %s", o.count, of, what)
	if o.count > 0 {
		got += ": " + strings.Join(o.first, "; ")
	}
	if o.count > len(o.first) {
		got += "; …"
	}
	return report.Check{Name: name, Want: want, Got: got, OK: o.count == 0}
}
