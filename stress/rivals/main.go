// Command rivals compares Recall with other servers for many WebSockets, in one run on
// one machine, each in a process of its own:
//
//   - bare: github.com/coder/websocket and nothing else, each connection read in a
//     goroutine of its own that outlives the handler, which is the leanest that library
//     allows. It knows neither users nor limits: what others need more is what they do.
//   - centrifuge: github.com/centrifugal/centrifuge with its default settings, JSON over
//     WebSocket, a user for each connection and an RPC that gives back what it got.
//   - recall: this project's server with its default settings and its own Postgres, a
//     user with a signed token for each connection, and `ping`, which is answered by
//     `pong`.
//
// It is a module of its own, so that the project does not depend on centrifuge.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

// settings of a comparison.
type settings struct {
	idle    int           // connections that memory is measured with
	busy    int           // connections that messages are sent over
	rates   []int         // messages a second, of all connections together
	lasting time.Duration // of each rate
	rounds  int           // whose medians are shown
	root    string        // the project's folder, to build the server from
	only    string        // name of a rival; empty: all
}

func main() {
	if served() {
		return
	}
	s := settings{rates: []int{2000, 10000}}
	flag.IntVar(&s.idle, "connections", 5000, "idle connections that memory is measured with")
	flag.IntVar(&s.busy, "busy", 1000, "connections that messages are sent over")
	flag.Func("rates", "messages a second, separated by commas (default 2000,10000)", func(text string) (err error) {
		s.rates, err = parseRates(text)
		return err
	})
	flag.DurationVar(&s.lasting, "lasting", 10*time.Second, "how long messages are sent at each rate")
	flag.IntVar(&s.rounds, "rounds", 3, "rounds whose medians are shown")
	flag.StringVar(&s.root, "root", "../..", "folder of the project")
	flag.StringVar(&s.only, "only", "", "compare only this one: bare, centrifuge or recall")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, s); err != nil {
		fmt.Fprintln(os.Stderr, "rivals:", err)
		stop()
		os.Exit(1) //nolint:gocritic // what was deferred is done
	}
}

func run(ctx context.Context, s settings) error {
	dir, err := os.MkdirTemp("", "recall-rivals-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // Postgres runs as another user then
		return err
	}
	rivals := all(filepath.Join(dir, "recall"), dir, s.only)
	if len(rivals) == 0 {
		return fmt.Errorf("-only %s: there is bare, centrifuge and recall", s.only)
	}
	if err := build(ctx, s.root, filepath.Join(dir, "recall")); err != nil {
		return err
	}
	load := loadAverage()
	rounds, err := compare(ctx, s, rivals)
	if err != nil {
		return err
	}
	heading(ctx, os.Stdout, s, load)
	table(os.Stdout, s, rivals, rounds)
	return nil
}
