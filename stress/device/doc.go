// Package device is a simulated app: a client of PROTOCOL.md written against its
// text, not against the server's types, so that a mistake in those is noticed.
//
// A [Device] keeps every frame that it gets, pairs replies with commands by id,
// and checks what the protocol promises of numbering: within an epoch each
// thread's events are dense and in order. [Device.Faults] tells what was broken.
package device
