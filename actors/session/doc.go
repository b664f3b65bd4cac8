// Package session is the actor of one connection: who it is, whether it may
// still speak, and which way its commands go.
//
// The socket belongs to the gateway, which hands decoded frames in and takes
// encoded frames out through [Conn]. A session keeps little: the user, the
// token's end, and the commands that came while a hello was being judged. A
// thread's subscription is the thread's, which watches the session and forgets
// it when it ends.
//
// Each command runs in a goroutine of its own, at most [Config.InFlight] of a
// connection at once, so that a slow answer holds up nothing but itself. (The
// reader waits for a place, and through it TCP and the client.) Replies of a
// thread come through this mailbox, in the order in which the thread made them.
package session
