package scenarios

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"recall/stress/report"
	"recall/stress/world"
)

// Scenario is one row of the package's table.
type Scenario struct {
	Name    string
	Happens string
	play    func(context.Context, *stage) error
}

// All are the scenarios in the order of the table.
func All() []Scenario {
	return []Scenario{
		{"slow-readers", "devices stop reading while much is streamed", slowReaders},
		{"reconnect-storm", "all connections break at once and come back at once", reconnectStorm},
		{"outage", "every outside service fails, then works again", outage},
		{"postgres-restart", "the database is shut down under load, then killed, and started again", postgresRestart},
		{"handover", "SIGTERM under load, a second server takes over", handover},
		{"kill", "kill -9 under load, and a new server", kill},
		{"malformed", "frames that are wrong in every way", malformed},
		{"huge-thread", "a thread of thousands of messages", hugeThread},
		{"many-devices", "one user on many devices at once", manyDevices},
	}
}

// Named finds scenarios; no names are all of them.
func Named(names ...string) ([]Scenario, error) {
	if len(names) == 0 {
		return All(), nil
	}
	var found []Scenario
	for _, name := range names {
		i := slices.IndexFunc(All(), func(s Scenario) bool { return s.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no scenario %q; there are %s", name, strings.Join(allNames(), ", "))
		}
		found = append(found, All()[i])
	}
	return found, nil
}

func allNames() (names []string) {
	for _, s := range All() {
		names = append(names, s.Name)
	}
	return names
}

// Options of a run.
type Options struct {
	// Programs were built before; the zero value builds them for each scenario.
	Programs world.Programs
	// Devices are how many take part where the number is free; 0: 100.
	Devices int
	// Messages are how many the huge thread has; 0: 5,000.
	Messages int
	// Postgres are settings beside those of production, for tests in a hurry.
	Postgres map[string]string
	// Dir is where worlds are made; empty: the system's folder for temporary files.
	Dir string
	// Keep leaves the folder of each world behind, with the logs of its processes.
	Keep bool
	// Seed of what devices send and of when; 0: 1.
	Seed uint64
	// Within bounds one scenario; 0: 3 min.
	Within time.Duration
	// Progress hears what happens; nil: nobody.
	Progress func(format string, a ...any)
}

// Outcome is how a scenario ended.
type Outcome struct {
	Scenario string
	Checks   []report.Check
	Took     time.Duration
	Err      error // it could not be played to its end
}

// OK tells whether it was played and everything holds.
func (o Outcome) OK() bool {
	return o.Err == nil && !slices.ContainsFunc(o.Checks, func(c report.Check) bool { return !c.OK })
}

// Run plays a scenario in a world of its own and judges it. Checks are there also when
// it could not be played to its end, as far as it came.
func (s Scenario) Run(ctx context.Context, o Options) Outcome {
	o = o.filled()
	ctx, cancel := context.WithTimeoutCause(ctx, o.Within, fmt.Errorf("it took longer than %v", o.Within))
	defer cancel()
	begin := time.Now()
	st, err := setStage(ctx, o)
	if err != nil {
		return Outcome{Scenario: s.Name, Took: time.Since(begin), Err: err}
	}
	err = s.play(ctx, st)
	if cause := context.Cause(ctx); err != nil && cause != nil && !errors.Is(err, cause) {
		err = fmt.Errorf("%w: %w", cause, err)
	}
	checks, ending := st.end(context.WithoutCancel(ctx))
	return Outcome{Scenario: s.Name, Checks: checks, Took: time.Since(begin), Err: errors.Join(err, ending)}
}

func (o Options) filled() Options {
	if o.Devices == 0 {
		o.Devices = 100
	}
	if o.Messages == 0 {
		o.Messages = 5000
	}
	if o.Seed == 0 {
		o.Seed = 1
	}
	if o.Within == 0 {
		o.Within = 3 * time.Minute
	}
	if o.Progress == nil {
		o.Progress = func(string, ...any) {}
	}
	return o
}
