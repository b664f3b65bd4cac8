package config

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"
)

// Source is where a value came from.
type Source string

// The sources, the strongest first.
const (
	FromFlag        Source = "flag"
	FromEnvironment Source = "environment"
	FromDefault     Source = "default"
)

// Setting is one effective value, fit to be shown: secrets are hidden.
type Setting struct {
	Flag   string `json:"flag"` // without the dashes
	Env    string `json:"env"`
	Value  string `json:"value"` // "" when not set
	Source Source `json:"source"`
}

// Effective lists the settings of a parsed command line in the order of their
// declaration.
func Effective(parsed *kong.Context) []Setting {
	from := map[*kong.Flag]Source{}
	for _, p := range parsed.Path {
		switch {
		case p.Flag == nil:
		case p.Resolved:
			from[p.Flag] = FromEnvironment
		default:
			from[p.Flag] = FromFlag
		}
	}
	var all []Setting
	for _, flag := range settings(parsed.Model) {
		s := Setting{Flag: flag.Name, Env: variable(flag), Value: shown(flag), Source: FromDefault}
		if source, ok := from[flag]; ok {
			s.Source = source
		}
		all = append(all, s)
	}
	return all
}

func shown(flag *kong.Flag) string {
	value := text(flag.Target)
	switch {
	case value == "":
		return ""
	case flag.Tag.Has("secret"):
		return hidden
	case strings.HasSuffix(flag.Name, "-url"):
		return RedactURL(value)
	default:
		return value
	}
}

func text(v reflect.Value) string {
	if list, ok := v.Interface().([]string); ok {
		return strings.Join(list, ",")
	}
	return fmt.Sprint(v.Interface())
}
