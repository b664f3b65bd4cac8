// Package app wires the program: it is the one place that knows everybody.
//
// [Start] listens first (`/healthz` answers from then on), then brings up, side by
// side, the actor system and the database (an embedded one when none is configured)
// with its schema, starter catalogue and song index, and last the edge; [App.Stop]
// takes them down in the opposite order. Tests start it on a port of the system's
// choice.
package app
