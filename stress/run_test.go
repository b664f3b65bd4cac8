package main

import (
	"slices"
	"testing"
	"time"

	"github.com/alecthomas/kong"
)

func TestFlagsMayHaveOneDash(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ in, want []string }{
		{[]string{"-profile", "short"}, []string{"--profile", "short"}},
		{[]string{"-rate=5", "--seed", "3"}, []string{"--rate=5", "--seed", "3"}},
		{[]string{"figures", "-h", "-"}, []string{"figures", "-h", "-"}},
		{[]string{"--rate", "-5"}, []string{"--rate", "-5"}},
	} {
		if got := normalise(tc.in); !slices.Equal(got, tc.want) {
			t.Errorf("%q became %q, want %q", tc.in, got, tc.want)
		}
	}
}

// Without a command a load is run, and the report can tell how to run it again.
func TestLoadIsTheDefault(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"-profile", "sustain", "-rate", "50", "--conns=70", "-duration", "90s", "-seed", "9"},
		{"run", "--profile", "sustain", "--rate", "50", "--conns", "70", "--duration", "90s", "--seed", "9"},
	} {
		var c commands
		parser, err := kong.New(&c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parser.Parse(normalise(args)); err != nil {
			t.Fatalf("%q: %v", args, err)
		}
		if c.Run.Profile != "sustain" || c.Run.Rate != 50 || c.Run.Conns != 70 || c.Run.Duration != 90*time.Second || c.Run.Seed != 9 {
			t.Errorf("%q was read as %+v", args, c.Run)
		}
		if want := "go run ./stress --profile sustain --seed 9 --rate 50 --conns 70 --duration 1m30s"; c.Run.String() != want {
			t.Errorf("to repeat: %s", c.Run)
		}
	}
}
