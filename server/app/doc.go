// Package app wires the program: it is the one place that knows everybody.
//
// [Start] brings up, in this order, the database (an embedded one when none is
// configured), its schema and starter catalogue, the song index, the actor
// system and the edge; [App.Stop] takes them down in the opposite order. Tests
// start it on a port of the system's choice.
package app
