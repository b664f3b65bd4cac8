//go:build !race

package app

// raced: see race_test.go.
const raced = false
