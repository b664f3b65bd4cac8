package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"time"

	"recall/actors/provider/catalog/catalogtest"
	"recall/stress/load"
	"recall/stress/report"
)

type runCommand struct {
	Profile  string        `enum:"full,short,sustain,ceiling" default:"short" help:"full (19 min up and down and 4 min of rest, everyday traffic), short (the same in 2 min), sustain (a rate of typed recalls for 5 min) or ceiling (a rising rate)."`
	Rate     float64       `help:"Recalls a second at the peak; the profile's own without it. Where ceiling begins."`
	Conns    int           `help:"Connections at the peak; the profile's own without it."`
	Duration time.Duration `help:"Length of all stages, or of each step of ceiling; the profile's own without it."`
	Seed     uint64        `default:"1" help:"Of everything that is random: who asks what, when."`
	Out      string        `default:"stress/out" help:"Folder for result.json and report.html." type:"path"`
}

// starter are the songs that a server comes with; the questions are about them.
const starter = "persistence/starter"

// questionsAtAll is how many different ones there are: so many that few are asked twice
// within the time that the server keeps answers.
const questionsAtAll = 50_000

// spareCollections lets the harness use memory for time: what it takes of the processors
// is missing to those whom it measures.
const spareCollections = 400

// errUnsound says that the run was made and something did not hold.
var errUnsound = errors.New("a threshold or an invariant does not hold (see above)")

// Run plays a profile and writes what came of it.
func (c runCommand) Run(ctx context.Context) error {
	profile, ok := load.ProfileOf(c.Profile)
	if !ok {
		return fmt.Errorf("--profile: there is no %q", c.Profile)
	}
	songs, err := catalogtest.Starter(starter)
	if err != nil || len(songs) == 0 {
		return fmt.Errorf("no songs in %s (run this in the project's folder): %w", starter, err)
	}
	fmt.Fprintf(os.Stderr, "profile %s, seed %d\n", c.Profile, c.Seed)
	debug.SetGCPercent(spareCollections)
	bar := newBar()
	result, err := load.Run(ctx, load.Options{
		Profile: profile.With(c.Conns, c.Rate, c.Duration), Seed: c.Seed,
		Questions: catalogtest.Queries(songs, questionsAtAll, c.Seed),
		Command:   c.String(), Progress: bar.show,
	})
	bar.end()
	if err != nil {
		return err
	}
	if err := c.write(result); err != nil {
		return err
	}
	if err := report.Table(os.Stdout, result); err != nil {
		return err
	}
	if !result.OK() {
		return errUnsound
	}
	return nil
}

// String is the command that repeats the run.
func (c runCommand) String() string {
	s := fmt.Sprintf("go run ./stress --profile %s --seed %d", c.Profile, c.Seed)
	if c.Rate > 0 {
		s += fmt.Sprintf(" --rate %g", c.Rate)
	}
	if c.Conns > 0 {
		s += fmt.Sprintf(" --conns %d", c.Conns)
	}
	if c.Duration > 0 {
		s += fmt.Sprintf(" --duration %s", c.Duration)
	}
	return s
}

func (c runCommand) write(r report.Result) (err error) {
	if err := os.MkdirAll(c.Out, 0o755); err != nil { //nolint:gosec // a report is for everybody
		return err
	}
	for name, as := range map[string]func(*os.File) error{
		"result.json": func(f *os.File) error { return report.JSON(f, r) },
		"report.html": func(f *os.File) error { return report.HTML(f, r) },
	} {
		file, err := os.Create(filepath.Join(c.Out, name))
		if err != nil {
			return err
		}
		if err := errors.Join(as(file), file.Close()); err != nil {
			return err
		}
	}
	fmt.Fprintf(os.Stderr, "written: %s, %s\n", filepath.Join(c.Out, "result.json"), filepath.Join(c.Out, "report.html"))
	return nil
}

// long is a flag of more than one letter behind one dash, as other programs have them.
var long = regexp.MustCompile(`^-[a-z][a-z-]+(=|$)`)

// normalise makes -profile of it what --profile is.
func normalise(args []string) []string {
	out := make([]string, len(args))
	for i, arg := range args {
		if out[i] = arg; long.MatchString(arg) && !strings.HasPrefix(arg, "--") {
			out[i] = "-" + arg
		}
	}
	return out
}
