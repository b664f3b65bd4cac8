// Stress proves under load what README and ARCHITECTURE.md claim. It starts real
// server processes and speaks to them over real sockets as an app would.
//
//	go run ./stress figures                    every figure of the README
//	go run ./stress figures latency            one of them: start, latency, idle, streaming, added, uploads or worth
//	go run ./stress figures worth --rewrite    what each optimisation is worth, written into the README as well
//
// Figures are printed with the machine that they were taken on. Nothing here
// judges by the clock: these are measurements, the tests are elsewhere.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"github.com/alecthomas/kong"
)

type commands struct {
	Figures figuresCommand `cmd:"" help:"Measure the figures of the README."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var c commands
	parsed := kong.Parse(&c, kong.Name("stress"), kong.Description("Measures a Recall server."), kong.BindTo(ctx, (*context.Context)(nil)))
	if err := parsed.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "stress:", err)
		os.Exit(1) //nolint:gocritic // nothing is left to undo
	}
}
