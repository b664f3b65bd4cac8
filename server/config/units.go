package config

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Bytes is a size. In text it is a whole number with a unit: B, KiB, MiB, GiB or
// TiB (powers of 1024; KB, MB, GB and K, M, G mean the same here), or no unit.
type Bytes int64

var byteUnits = []struct {
	name  string
	shift uint
}{{"TiB", 40}, {"GiB", 30}, {"MiB", 20}, {"KiB", 10}, {"B", 0}}

// UnmarshalText implements [encoding.TextUnmarshaler].
func (b *Bytes) UnmarshalText(text []byte) error {
	number, unit := splitUnit(strings.TrimSpace(string(text)))
	n, err := strconv.ParseInt(number, 10, 64)
	shift, known := shiftOf(unit)
	if err != nil || n < 0 || !known || n > math.MaxInt64>>shift {
		return fmt.Errorf("%q is not a size such as 512KiB or 64MiB", text)
	}
	*b = Bytes(n << shift)
	return nil
}

func splitUnit(s string) (number, unit string) {
	end := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		return s, ""
	}
	return s[:end], strings.TrimSpace(s[end:])
}

func shiftOf(unit string) (shift uint, known bool) {
	if unit == "" {
		return 0, true
	}
	for _, u := range byteUnits {
		short := u.name[:1]
		if strings.EqualFold(unit, u.name) || strings.EqualFold(unit, short) || strings.EqualFold(unit, short+"B") && u.shift > 0 {
			return u.shift, true
		}
	}
	return 0, false
}

// String is the size in the largest unit that divides it.
func (b Bytes) String() string {
	for _, u := range byteUnits {
		if unit := Bytes(1) << u.shift; b >= unit && b%unit == 0 {
			return strconv.FormatInt(int64(b/unit), 10) + u.name
		}
	}
	return strconv.FormatInt(int64(b), 10) + "B"
}

// MarshalText implements [encoding.TextMarshaler]: what is written is read as the
// same size again.
func (b Bytes) MarshalText() ([]byte, error) { return []byte(b.String()), nil }

// LogFormat is how log lines look.
type LogFormat string

// The formats.
const (
	LogAuto LogFormat = "auto"
	LogText LogFormat = "text"
	LogJSON LogFormat = "json"
)

// UnmarshalText implements [encoding.TextUnmarshaler].
func (f *LogFormat) UnmarshalText(text []byte) error {
	switch v := LogFormat(strings.ToLower(string(text))); v {
	case LogAuto, LogText, LogJSON:
		*f = v
		return nil
	default:
		return fmt.Errorf("%q is not auto, text or json", text)
	}
}
