// Emulator plays every outside service of a recall on one port, so that voice and
// picture can be tried without any key, and every fault can be had on command. What
// it can do is told at its address, and in the package services.
//
//	go run ./stress/emulator
//	go run ./stress/emulator -run bin/recall   together with a server that uses it
//	go run ./stress/emulator -listen 127.0.0.1:0 -tokens-per-second 1000 -latency 50ms -burst 20ms -quiet
//
// The last one is for load: any free port, which is printed with the rest, and the
// tokens of 20 ms in one write.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"runtime/debug"
	"time"

	"recall/stress/emulator/services"
)

func main() {
	err := run(context.Background(), os.Args[1:], os.Stdout, os.Stderr)
	if err == nil {
		return
	}
	if exited := (*exec.ExitError)(nil); !errors.As(err, &exited) { // else the program has said why
		fmt.Fprintln(os.Stderr, "emulator:", err)
	}
	os.Exit(exitCode(err))
}

func run(ctx context.Context, args []string, out, errs io.Writer) error {
	flags := flag.NewFlagSet("emulator", flag.ContinueOnError)
	flags.SetOutput(errs)
	listen := flags.String("listen", "127.0.0.1:8099", "address to listen on")
	tokens := flags.Float64("tokens-per-second", 30, "pace of streams; below 0: no pauses")
	latency := flags.Duration("latency", 200*time.Millisecond, "median pause before an answer (log-normal)")
	burst := flags.Duration("burst", 0, "tokens due within this time leave in one write; 0: each by itself")
	candidates := flags.Int("candidates", 5, "most songs in an answer; each is some 130 tokens")
	quiet := flags.Bool("quiet", false, "do not log each call")
	seed := flags.Uint64("seed", 1, "of everything that is random")
	program := flags.String("run", "", "`program` to run with these services, to its end; its arguments follow the flags")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *burst < 0 {
		return fmt.Errorf("-burst: %s is below 0", *burst)
	}
	if *candidates < 1 || *candidates > 5 {
		return fmt.Errorf("-candidates: %d is not 1 to 5", *candidates)
	}
	lessCollecting()
	o := services.Options{TokensPerSecond: *tokens, Latency: *latency, Burst: *burst, Candidates: *candidates, Seed: *seed}
	if *program == "" && !*quiet { // a program that runs with us has the terminal to itself
		o.Logger = slog.New(slog.NewTextHandler(errs, nil))
	}
	server, err := services.Listen(context.WithoutCancel(ctx), *listen, o)
	if err != nil {
		return fmt.Errorf("%w; choose another address with -listen", err)
	}
	defer server.Close()
	if *program != "" {
		fmt.Fprintf(out, "The services play at %s/\n", server.URL)
		return runProgram(ctx, append([]string{*program}, flags.Args()...), server, out, errs)
	}
	announce(out, server)
	asked, stop := signal.NotifyContext(ctx, signals...)
	defer stop()
	<-asked.Done()
	return nil
}

// lessCollecting lets more garbage gather between two collections, unless GOGC says how
// much: what lives is little, so that the default collects every few megabytes.
func lessCollecting() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
}

// gcPercent is for tens of megabytes at full load, mostly the log of calls.
const gcPercent = 400

// announce prints what a shell takes as it is.
func announce(out io.Writer, server *services.Server) {
	fmt.Fprintf(out, "# The services play at %s/ – point a server at them with:\n", server.URL)
	for _, v := range server.Environment() {
		fmt.Fprintf(out, "export %s=%s\n", v[0], v[1])
	}
}
