// Package user is the behaviour of one user: the grain that admits recalls and
// keeps the first page of the user's thread list.
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
// The log is derived state: it is rebuilt from the table of recalls whenever the
// grain wakes, so that a restart forgets nothing.
//
// [State] is pure, like thread.State: calls and results in, effects out.
package user
