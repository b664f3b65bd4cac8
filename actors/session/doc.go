// Package session is the actor of one connection: who it is, whether it may
// still speak, and which way its commands go.
//
// The socket belongs to the gateway, which hands decoded frames in and takes
// encoded frames out through [Conn]. A session keeps little: the user, the
// token's end, and the commands that came while a hello was being judged. A
// thread's subscription is the thread's, which watches the session and forgets
// it when it ends.
//
// What waits runs beside the mailbox: a command's own goroutine, or one for each
// thread that has commands to be handed over, which keeps their order. A command
// holds its place (the gateway gives out a bounded number) until its reply, so that a
// slow answer holds up nothing but itself. Replies of a thread come through this
// mailbox, in the order in which the thread made them.
//
// While the server drains, or has more to do than it can ([Deps].Overloaded), a recall
// takes a refusal along to its thread, which alone knows whether it is a new one: a
// repeat joins. The span of a frame goes along with its command, as far as the database.
//
// # Uploads
//
// media.open attaches an upload to a channel of the connection. From then on its
// bytes go from the connection's reader straight into the store, past the mailbox; the
// reader hands media.close in behind them. An upload belongs to its connection: another
// one cannot close it, and it ends with it.
package session
