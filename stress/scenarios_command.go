package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"recall/stress/scenarios"
	"recall/stress/world"
)

// scenariosCommand plays what production does to a server sooner or later.
type scenariosCommand struct {
	Names   []string `arg:"" optional:"" help:"Which ones; none: all. See the package scenarios."`
	List    bool     `help:"Only tell which ones there are."`
	Short   bool     `help:"A tenth of the devices, for a quick look."`
	Devices int      `default:"100" help:"Devices that take part."`
	Keep    bool     `help:"Leave the folders with data and logs behind."`
	Seed    uint64   `default:"1" help:"Of what devices send and of when."`
}

// shortDevices are enough for each scenario to mean something.
const shortDevices = 10

// Run fails when anything was broken; everything is played all the same.
func (c scenariosCommand) Run(ctx context.Context) error {
	chosen, err := scenarios.Named(c.Names...)
	if err != nil {
		return err
	}
	if c.List {
		for _, s := range chosen {
			fmt.Printf("%-18s %s\n", s.Name, s.Happens)
		}
		return nil
	}
	dir, remove, err := folder()
	if err != nil {
		return err
	}
	if !c.Keep {
		defer remove()
	}
	o := scenarios.Options{Devices: c.Devices, Seed: c.Seed, Dir: dir, Keep: c.Keep, Progress: progress}
	if c.Short {
		o.Devices, o.Messages = min(o.Devices, shortDevices), 500
	}
	progress("building, seed %d, %d devices", o.Seed, o.Devices)
	if o.Programs, err = world.Build(ctx, dir); err != nil {
		return err
	}
	return playAll(ctx, chosen, o)
}

func playAll(ctx context.Context, chosen []scenarios.Scenario, o scenarios.Options) error {
	var all []scenarios.Outcome
	broken := false
	for _, s := range chosen {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		progress("%s: %s", s.Name, s.Happens)
		outcome := s.Run(ctx, o)
		if err := outcome.Write(os.Stdout); err != nil {
			return err
		}
		all, broken = append(all, outcome), broken || !outcome.OK()
	}
	fmt.Println()
	if err := scenarios.WriteSummary(os.Stdout, all); err != nil {
		return err
	}
	if broken {
		return errors.New("a promise was broken, or a scenario could not be played")
	}
	return nil
}
