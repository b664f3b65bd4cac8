//go:build race

package scenarios

// raced: the race detector sees nothing of what another process does.
const raced = true
