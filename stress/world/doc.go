// Package world starts and ends the processes that a run of the harness is about: a
// Postgres with the settings it has in production, the emulator of outside services, and
// servers that share both. All of them are real processes on real sockets, so that they
// can be killed, restarted and measured one by one.
//
//	[Build]        the programs, once for as many worlds as a run has
//	[Open]         Postgres and the emulator, in a folder of their own
//	[World.Serve]  a server; two of them share database, services and secret
//	[NewSampler]   what each process uses, and what a server says of itself
//
// # Lifecycle
//
// Every process dies with the harness, however that ends: the kernel kills the programs
// when the thread that started them goes, and Postgres is held by package embedded in
// the same way. Ctrl-C in a terminal reaches the harness alone (each process has a group
// of its own); who is interrupted calls [World.Close], which ends them in order.
package world
