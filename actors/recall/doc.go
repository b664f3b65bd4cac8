// Package recall knows how a recall is resolved: what the thread tells
// about the search ([KnownFrom]), what the person wants ([IntentOf]), whom to ask
// ([Source]), how the findings of several become one list, and what is said in
// the end ([Engine]).
//
// It keeps no state between recalls and touches no database: everything comes in
// with the [Job], everything goes out as events and the [Outcome].
//
// The steps follow RECALL.md. The order of what is emitted follows PROTOCOL.md,
// section 3: stages and intent first, candidates as soon as they are known,
// pieces of the answer before the whole one, the question last. The first and the
// terminal event are the thread's.
package recall
