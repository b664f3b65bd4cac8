//go:build !race

package persistence

// raced: see race_test.go.
const raced = false
