//go:build !race

package scenarios

// raced: see race_test.go.
const raced = false
