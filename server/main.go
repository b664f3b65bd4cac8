// Recall finds the song that you remember only a little of. This is the server
// and its tools: see `recall --help`.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"recall/server/app"
	"recall/server/config"
)

// Exit codes.
const (
	exitFailed = 1 // it did not work
	exitUsage  = 2 // the command line or the configuration is wrong
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the first signal asks to end, a second one ends
	p := &program{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, env: os.Getenv, serve: app.Serve}
	os.Exit(p.run(ctx, os.Args[1:]))
}

// program is one run of the command line. What it touches of the world is in its
// fields, so that tests run it in their own process.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	env            config.Environment
	serve          func(context.Context, string, config.Config, *slog.Logger, func(addr string)) error

	ctx    context.Context // of the running command
	args   []string
	cfg    config.Config
	parsed *kong.Context
}

// commands is the grammar; the flags of config.Config join it.
type commands struct {
	Serve   serveCommand   `cmd:"" default:"1" help:"Run the server (also without a command)."`
	Migrate migrateCommand `cmd:"" help:"Bring the database's schema to this version."`
	Token   tokenCommand   `cmd:"" help:"Print a token to sign in with."`
	Catalog catalogCommand `cmd:"" help:"Look after the catalogue of songs."`
	Config  configCommand  `cmd:"" help:"Show the effective settings and where each comes from."`
	Version versionCommand `cmd:"" help:"Show the version."`

	ShowVersion kong.VersionFlag `name:"version" help:"Show the version."`
}

// exit carries the code of kong's own endings (--help) up to run.
type exit int

// run returns the exit code.
func (p *program) run(ctx context.Context, args []string) (code int) {
	defer func() {
		switch e := recover().(type) {
		case nil:
		case exit:
			code = int(e)
		default:
			panic(e)
		}
	}()
	p.ctx, p.args = ctx, args
	parser := p.parser()
	parsed, err := parser.Parse(args)
	if err != nil {
		return p.refuse(err)
	}
	p.parsed = parsed
	return p.report(parsed.Run(p))
}

// refuse shows what is wrong with the line and where the help is.
func (p *program) refuse(err error) int {
	shown := err
	var setting *config.SettingError
	if errors.As(err, &setting) { // names its flag by itself, as kong does around it
		shown = setting
	}
	fmt.Fprintf(p.stderr, "recall: %v\n%s\n", shown, tryHelp(understood(err), p.args))
	return exitUsage
}

func (p *program) parser() *kong.Kong {
	options := append(config.Options(&p.cfg, p.env),
		kong.Name("recall"),
		kong.Description("Recall finds the song that you remember only a little of. Without a command it serves."),
		kong.Writers(p.stdout, p.stderr),
		kong.Exit(func(code int) { panic(exit(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true}),
		kong.Help(printHelp),
		kong.Vars{"version": thisVersion()},
	)
	return kong.Must(new(commands), options...)
}

// usageError is a fault of what was typed or configured.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// report shows an error and turns it into the exit code.
func (p *program) report(err error) int {
	var usage usageError
	switch {
	case err == nil:
		return 0
	case p.ctx.Err() != nil && errors.Is(err, context.Canceled):
		fmt.Fprintln(p.stderr, "recall: interrupted")
		return exitFailed
	}
	fmt.Fprintf(p.stderr, "recall: %v\n", err)
	if errors.As(err, &usage) {
		fmt.Fprintln(p.stderr, tryHelp(p.parsed, p.args))
		return exitUsage
	}
	return exitFailed
}

// validate is the first step of every command that acts on the configuration.
func (p *program) validate() error {
	if err := p.cfg.Validate(); err != nil {
		return usageError{err}
	}
	return nil
}
