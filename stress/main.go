// Stress proves under load what README and ARCHITECTURE.md claim. It starts real
// server processes and speaks to them over real sockets as an app would.
//
//	go run ./stress                            a load in two minutes: see package load
//	go run ./stress --profile full             the whole of it; or sustain, or ceiling
//	go run ./stress scenarios                  restarts, outages, storms and nonsense: see package scenarios
//	go run ./stress figures                    every figure of the README
//	go run ./stress figures latency            one of them: start, latency, idle, streaming, added, uploads or worth
//	go run ./stress figures worth --rewrite    what each optimisation is worth, written into the README as well
//
// A load judges itself: thresholds, and the promises of PROTOCOL.md; it ends with an
// error when one does not hold. Figures are printed with the machine that they were
// taken on and judge nothing.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"github.com/alecthomas/kong"
)

type commands struct {
	Run       runCommand       `cmd:"" default:"withargs" help:"Load a server as its users do, and judge how it does (the default)."`
	Scenarios scenariosCommand `cmd:"" help:"Do to a server what production does to it sooner or later, and judge what its clients saw."`
	Figures   figuresCommand   `cmd:"" help:"Measure the figures of the README."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var c commands
	parser := kong.Must(&c, kong.Name("stress"), kong.Description("Measures a Recall server."), kong.BindTo(ctx, (*context.Context)(nil)))
	parsed, err := parser.Parse(normalise(os.Args[1:]))
	parser.FatalIfErrorf(err)
	if err := parsed.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "stress:", err)
		os.Exit(1) //nolint:gocritic // nothing is left to undo
	}
}
