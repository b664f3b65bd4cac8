// Package persistence keeps threads, messages, recalls, stash and catalogue in
// Postgres.
//
// One file an aggregate: its SQL as constants, its rows, its methods on [DB].
// Every method is one round trip, and what it writes is written whole or not at
// all. The database is the judge between two activations of one thread: each
// takes a higher fence, and a write with an older one is refused (see
// [DB.Activate] and [DB.Commit]).
//
// Commits are the exception to one round trip each: those of many threads go
// together (group.go, and recall_commit_batch in the migrations). recall_commit stays
// what one of them means, and does what cannot be done for all at once.
//
// Errors are translated once, where they leave the package (errors.go). What a
// client may be told is a [wire.Error]: not_found, bad_request for a cursor that
// is none, unavailable when Postgres cannot be asked just now. A thread is told
// [wire.ErrStale] and [wire.ErrDuplicate]. Everything else is a fault of ours.
//
// A DB is safe for use by many goroutines at once.
package persistence
