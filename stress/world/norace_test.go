//go:build !race

package world

// raced: see race_test.go.
const raced = false
