//go:build race

package app

// raced: the race detector slows these tests down five times, and looks at ways
// through the code, which most faults share. So it sees every third of them; without
// it, all are played.
const raced = true
