package main

import (
	"fmt"
	"slices"
)

// optimisation is one that can be switched off.
type optimisation struct{ name, variable string }

var optimisations = []optimisation{
	{"thread cache", "RECALL_THREAD_CACHE"}, {"message cache", "RECALL_MESSAGE_CACHE"}, {"coalescing", "RECALL_COALESCING"},
	{"debounce", "RECALL_DEBOUNCE"}, {"batching", "RECALL_BATCHING"}, {"prefetch", "RECALL_PREFETCH"}, {"answer cache", "RECALL_ANSWER_CACHE"},
}

// setting is a row of the table: what is switched off.
type setting struct {
	name string
	off  []optimisation
}

// settings are everything on, each optimisation off by itself, and all of them off.
func settings() []setting {
	all := []setting{{"nothing", nil}}
	for _, o := range optimisations {
		all = append(all, setting{o.name, []optimisation{o}})
	}
	return append(all, setting{"all seven", optimisations})
}

// environment says all switches, so that no variable of the caller's is in the way.
func (s setting) environment() []string {
	env := slices.Clone(unlimited)
	for _, o := range optimisations {
		env = append(env, fmt.Sprintf("%s=%t", o.variable, !slices.Contains(s.off, o)))
	}
	return env
}

// unlimited keeps limits out of the way, those of a machine that is busy with other
// things as well: a refused recall would make a row of something else.
var unlimited = []string{
	"RECALL_RECALLS_PER_MINUTE=100000", "RECALL_RECALLS_PER_HOUR=1000000", "RECALL_RECALLS_AT_ONCE=1000", "RECALL_SHED_AFTER=10m",
}
