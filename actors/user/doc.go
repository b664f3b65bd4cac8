// Package user is the behaviour of one user: the grain that admits recalls and
// keeps the pages of the user's thread list.
//
// # Limits
//
// A recall is admitted when fewer than [Config.PerMinute] were admitted in the
// last 60 s, fewer than [Config.PerHour] in the last 3600 s, and fewer than
// [Config.AtOnce] are under way (RECALL.md, "Limits per user"). The window is a
// sliding log: the exact times of the last hour, at most [Config.PerHour] of
// them. A refused recall leaves no trace.
//
// A slot belongs to its recall. It comes back with the terminal event, or after
// [Config.HardCap], should that never be heard of.
//
// The log is derived state: it is rebuilt from the table of recalls when an activation
// first needs it, so that a restart forgets nothing.
//
// # Thread lists
//
// The list of current threads is kept in whole pages, by cursor, at most 20 of them. A
// change drops them all, since it moves a thread to the top. Behind a page that was
// answered the next one is prefetched, and the first one behind the limits of an app
// that starts: last, one at a time, and only when the store has time.
//
// The pages outlive the activation, and no change is missed:
//
//   - The thread tells a change before it replies to the one who made it, and a user who
//     sleeps is woken to hear it. Looking up the activation and sending are one step of
//     the directory.
//   - An activation that is about to end takes its pages out of the cache. Then it
//     leaves the directory. What was told it before lies in its mailbox: a change among
//     it spoils the pages that it holds.
//   - Behind its last message it lays the pages back, in one step with a look into the
//     directory, and only when nobody has woken since it left. A change that was told
//     then woke the next activation, and nothing is laid back.
//   - What the next activation reads meanwhile it reads from the database, after it was
//     made, and so after every change that was told to the one before.
//   - A crash drops the pages.
//
// [State] is pure, like thread.State: calls and results in, effects out.
package user
