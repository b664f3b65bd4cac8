//go:build race

package main

// raced: the race detector sees nothing of what another process does, be it Postgres
// or a server, and tests that are about those run without it only.
const raced = true
