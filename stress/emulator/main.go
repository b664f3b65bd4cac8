// Emulator plays every outside service of a recall on one port, so that voice and
// picture can be tried without any key, and every fault can be had on command. What
// it can do is told at its address, and in the package services.
//
//	go run ./stress/emulator
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"recall/stress/emulator/services"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "emulator:", err)
		os.Exit(1) //nolint:gocritic // nothing is left to undo
	}
}

func run(ctx context.Context, args []string, out, errs io.Writer) error {
	flags := flag.NewFlagSet("emulator", flag.ContinueOnError)
	flags.SetOutput(errs)
	listen := flags.String("listen", "127.0.0.1:8099", "address to listen on")
	tokens := flags.Float64("tokens-per-second", 30, "pace of streams; below 0: no pauses")
	latency := flags.Duration("latency", 200*time.Millisecond, "median pause before an answer (log-normal)")
	seed := flags.Uint64("seed", 1, "of everything that is random")
	if err := flags.Parse(args); err != nil {
		return err
	}
	server, err := services.Listen(ctx, *listen, services.Options{
		TokensPerSecond: *tokens, Latency: *latency, Seed: *seed,
		Logger: slog.New(slog.NewTextHandler(errs, nil)),
	})
	if err != nil {
		return err
	}
	defer server.Close()
	announce(out, server)
	<-ctx.Done()
	return nil
}

// announce prints what a shell takes as it is.
func announce(out io.Writer, server *services.Server) {
	fmt.Fprintf(out, "# The services play at %s/ – point a server at them with:\n", server.URL)
	for _, v := range server.Environment() {
		fmt.Fprintf(out, "export %s=%s\n", v[0], v[1])
	}
}
