package main

import (
	"errors"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// What of the settings the commands use; one that is not listed uses all.
var (
	usedByLog      = []string{"log-level", "log-format"}
	usedByDatabase = append([]string{"database-url", "data-dir"}, usedByLog...)
	usedByStore    = append([]string{"db-max-conns", "statement-timeout"}, usedByDatabase...)

	usedBy = map[string][]string{
		"migrate":        usedByDatabase,
		"token":          append([]string{"jwt-secret", "jwks-url", "jwt-issuer", "jwt-audience", "data-dir"}, usedByLog...),
		"catalog":        append([]string{"seed"}, usedByStore...),
		"catalog import": usedByStore,
		"catalog search": append([]string{"seed"}, usedByStore...),
		"version":        {},
	}
)

// printHelp leaves the settings out that the command does not use.
func printHelp(options kong.HelpOptions, ctx *kong.Context) error {
	if used, some := usedBy[strings.Join(commandIn(ctx), " ")]; some {
		for _, flag := range ctx.Model.Flags {
			flag.Hidden = flag.Hidden || flag.Tag.Has("env") && !slices.Contains(used, flag.Name)
		}
	}
	return kong.DefaultHelpPrinter(options, ctx)
}

// commandIn is the command of a parsed line, without arguments.
func commandIn(ctx *kong.Context) []string {
	var words []string
	for _, at := range ctx.Path {
		if at.Command != nil {
			words = append(words, at.Command.Name)
		}
	}
	return words
}

// tryHelp says where the help for a faulty line is. ctx is how far that was
// understood, or nil.
func tryHelp(ctx *kong.Context, args []string) string {
	words := []string{"Try: recall"}
	if ctx != nil && len(args) > 0 {
		for _, word := range commandIn(ctx) {
			if slices.Contains(args, word) { // serve is also there when nobody says so
				words = append(words, word)
			}
		}
	}
	return strings.Join(append(words, "--help"), " ")
}

// understood is how far kong came with the line that it refuses.
func understood(err error) *kong.Context {
	var refused *kong.ParseError
	if errors.As(err, &refused) {
		return refused.Context
	}
	return nil
}
