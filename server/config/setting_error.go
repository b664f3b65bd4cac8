package config

import (
	"fmt"
	"reflect"
	"strconv"
	"time"

	"github.com/alecthomas/kong"
)

// SettingError is a value that cannot be read, wherever it was given.
type SettingError struct {
	Key     string // flag and environment variable, as Validate names them
	Problem string
}

func (e *SettingError) Error() string { return e.Key + ": " + e.Problem }

// reader reads a flag's value as kong does, but names the setting in our way
// when that fails: kong's own error would know the flag only.
type reader struct {
	kong.Mapper
	flag *kong.Flag
}

// Decode implements [kong.Mapper]. Where no value follows the flag, kong says so.
func (r reader) Decode(ctx *kong.DecodeContext, target reflect.Value) error {
	given := ctx.Scan.Peek()
	err := r.Mapper.Decode(ctx, target)
	if err == nil || !given.IsValue() {
		return err
	}
	problem := err.Error()
	if target.Type() == reflect.TypeFor[time.Duration]() {
		problem = durationProblem(given.String())
	}
	return &SettingError{Key: label(r.flag.Name, variable(r.flag)), Problem: problem}
}

func durationProblem(text string) string {
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		return fmt.Sprintf("must have a unit, such as %ss", text)
	}
	return fmt.Sprintf("%q is not a duration such as 250ms, 5s or 2m", text)
}
