// Package provider stands between Recall and the outside services: one supervisor
// for each of them, so that a bad service hurts nobody but who asked it.
//
// # A call
//
// A caller ([Do], [Stream]) joins a flight, which is one outside call with all who
// wait for it. A new flight is told to the service's supervisor, an actor. Its
// [guard] says whether the call may start, and the supervisor then spawns a worker
// actor for each attempt. The worker's only message is the call, and its result goes
// back to the supervisor as a message. So the supervisor never waits, and a panic in
// a call is the death of one worker.
//
//	caller ─ join ─► flight ─ ask ─► supervisor ─ step ─► guard
//	  ▲                ▲                 │  ▲
//	  └─ tape: pieces, result ◄─ settle ─┘  └─ done ─ worker (a child for each attempt)
//
// # Who owns what
//
// The guard belongs to the supervisor: breaker, places, queue, gate, retries. It is
// pure; the clock comes in with every step. Flights belong to the [Service], under
// its lock, because joining and leaving must be decided in one moment. What a flight
// has told is its tape, which any number of callers read at their own pace. Bounds:
// [Config.AtOnce] workers, [Config.Waiting] flights in the queue; a tape is as long as
// the client lets one answer be.
//
// # Outcomes
//
// What an attempt says of the service (PROVIDERS.md, B0) is decided in one place,
// [verdictOf]. Two sorts say nothing: cancellations, and a crash of our own client,
// which is our mistake and must not shut a healthy service out.
//
// A call that runs into its deadline counts as a failure, unless that deadline was
// what a recall had left and less than half the service's own time: a slow service
// must not open the breaker of the next. When its last caller has left for another
// reason, it is a cancellation whatever the client makes of it.
//
// # Sharing
//
// Equal keys at the same time are one outside call, and their answers may be kept
// ([Config.Answers]). Only requests have a key whose answer depends on nothing but
// the key: never on the person or the conversation. The result of a shared call is
// shared memory; the wrappers of this package copy what a caller might change.
package provider
