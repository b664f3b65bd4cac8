package config

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"

	"recall/persistence/embedded"
)

// Environment looks a variable up, like [os.Getenv]: empty means not set.
type Environment func(key string) string

// Options add the flags of c to a program's grammar: parsing fills c. Nothing is
// validated then, since `version` and `config` are to work with a bad setting
// too; commands call [Config.Validate]. (As a field of the grammar, kong would
// call it by itself.)
//
// The environment is read by a resolver of ours rather than by kong, so that an
// empty variable counts as not set (process managers like to pass those), that
// errors name the variable, and that tests bring their own environment.
func Options(c *Config, env Environment) []kong.Option {
	return []kong.Option{
		kong.Embed(c),
		kong.Vars{"data_dir": embedded.DefaultDataDir()},
		kong.PostBuild(takeOverEnvironment),
		kong.Resolvers(resolver(env)),
	}
}

// Default is the configuration without flags and environment.
func Default() Config {
	var c Config
	parser := kong.Must(&struct{}{}, Options(&c, func(string) string { return "" })...)
	if _, err := parser.Parse(nil); err != nil {
		panic(fmt.Sprintf("config: a default is invalid: %v", err)) // a fault in the tags; the tests load them
	}
	return c
}

// takeOverEnvironment hides the variables from kong's own reading, has errors name
// them, and writes bounds and variable into the help.
func takeOverEnvironment(k *kong.Kong) error {
	for _, flag := range settings(k.Model) {
		flag.Tag.Envs = nil
		if !flag.IsBool() { // those are known by the type of their mapper
			flag.Mapper = reader{flag.Mapper, flag}
		}
		if low, high, bounded := strings.Cut(flag.Tag.Get("bounds"), ".."); bounded {
			flag.Help = fmt.Sprintf("%s, %s to %s.", strings.TrimSuffix(flag.Help, "."), low, high)
		}
		flag.Help += " ($" + variable(flag) + ")"
	}
	return nil
}

// settings are the flags that come from Config: those that have a variable.
func settings(app *kong.Application) []*kong.Flag {
	var found []*kong.Flag
	for _, flag := range app.Flags {
		if variable(flag) != "" {
			found = append(found, flag)
		}
	}
	return found
}

func variable(flag *kong.Flag) string { return flag.Tag.Get("env") }

func resolver(env Environment) kong.ResolverFunc {
	return func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		name := variable(flag)
		if name == "" {
			return nil, nil
		}
		text := env(name)
		if text == "" {
			return nil, nil
		}
		return text, tryParse(flag, text)
	}
}

// tryParse exists for its error only: kong's own would not name the variable.
func tryParse(flag *kong.Flag, text string) error {
	scan := kong.Scan().PushTyped(text, kong.FlagValueToken)
	err := flag.Mapper.Decode(&kong.DecodeContext{Value: flag.Value, Scan: scan}, reflect.New(flag.Target.Type()).Elem())
	var known *SettingError
	if err != nil && !errors.As(err, &known) {
		return &SettingError{Key: label(flag.Name, variable(flag)), Problem: err.Error()}
	}
	return err
}
