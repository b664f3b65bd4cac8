package config

import (
	"reflect"
	"slices"
	"strings"
)

// Unknown are the variables among environ (as of [os.Environ]) that look like settings
// of this program and are none: a typing error would go unnoticed else, and what it was
// meant to change would not be changed.
func Unknown(environ []string) (names []string) {
	known := map[string]bool{}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Config]()) {
		known[field.Tag.Get("env")] = true
	}
	for _, line := range environ {
		name, _, _ := strings.Cut(line, "=")
		if strings.HasPrefix(name, "RECALL_") && !known[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
