package config

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// key is how errors call a field: by what a person can set.
func key(field reflect.StructField) string {
	return label(field.Tag.Get("name"), field.Tag.Get("env"))
}

func label(flag, variable string) string { return fmt.Sprintf("--%s (%s)", flag, variable) }

// keyOf is the key of the field of that name.
func keyOf(name string) string {
	field, ok := reflect.TypeFor[Config]().FieldByName(name)
	if !ok {
		panic("config: no field " + name)
	}
	return key(field)
}

// outOfBounds lists the fields that leave the range of their tag `bounds`.
func (c *Config) outOfBounds() []error {
	var bad []error
	v := reflect.ValueOf(c).Elem()
	for _, field := range reflect.VisibleFields(v.Type()) {
		low, high, bounded := strings.Cut(field.Tag.Get("bounds"), "..")
		if !bounded {
			continue
		}
		lowest, highest := number(field.Type, low), number(field.Type, high)
		value := v.FieldByIndex(field.Index)
		if n := value.Int(); n < lowest || n > highest {
			bad = append(bad, fmt.Errorf("%s: %v is out of bounds, want %s to %s", key(field), value.Interface(), low, high))
		}
	}
	return bad
}

// number reads a bound as the field itself is read. The tags are ours, so that
// a mistake in one is a bug, which the tests meet.
func number(t reflect.Type, text string) int64 {
	var n int64
	var err error
	switch t {
	case reflect.TypeFor[time.Duration]():
		var d time.Duration
		d, err = time.ParseDuration(text)
		n = int64(d)
	case reflect.TypeFor[Bytes]():
		err = (*Bytes)(&n).UnmarshalText([]byte(text))
	default:
		n, err = strconv.ParseInt(text, 10, 64)
	}
	if err != nil {
		panic("config: bound " + text + ": " + err.Error())
	}
	return n
}
