// Package actors puts the behaviour on its feet: one protoactor system and
// cluster with the kinds `thread` and `user`, and one session actor for each
// connection.
//
// The packages below hold the behaviour: thread and user are pure state machines
// in thin grains, session is the actor of a connection, recall is how a recall is
// resolved, provider holds the sources that it asks.
//
// A grain is found by its identity. It may passivate at any moment, so every
// question to one goes through System.ask, which finds the activation, waits for the
// answer and tries again when the message reached nobody. What needs no answer
// (a slot that comes back) goes through System.post, and only to a grain that is awake.
// That a list is out of date also wakes its user, see package user.
package actors
