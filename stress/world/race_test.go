//go:build race

package world

// raced: the race detector sees nothing of what another process does.
const raced = true
