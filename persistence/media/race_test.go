//go:build race

package media

const underRace = true
