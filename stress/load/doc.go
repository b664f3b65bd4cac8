// Package load plays what thousands of users do, against a real server process, and
// judges how it stood it.
//
// # Open loop
//
// A [Plan] says when what happens: independent arrivals (a Poisson process, from a seed)
// whose rate follows the number of connections. The scheduler keeps to it whatever the
// server does, and every time counts from when something was due, so that a late server
// can neither slow the load down nor hide what waits. How far the scheduler itself is
// behind its plan is one of the latencies of the result.
//
// # What users do
//
// Weights of full and short, and of sustain and ceiling, which are about typed recalls
// alone. Each arrival is the next user's, in turns.
//
//	ask        30  34  a question in a new thread
//	follow-up  25  66  a question in the newest thread
//	voice       4   0  a voice note of 2 to 6 s, uploaded over the socket
//	cancel      4   0  a question, taken back within 300 ms of its acceptance
//	hammer      1   0  seven questions at once, three times in a row: of every tenth user
//	page       20   0  the newest page of messages
//	list       10   0  the list of threads
//	resume      6   0  the connection is cut without a word and resumes within half a second
//
// Beside them a fifth of all connections is cut in one moment in the middle of the
// plateau, and comes back at once. A user follows three threads and leaves the oldest for
// the next. A connection that was cut with a recall unanswered sends it again, with its
// request_id.
//
// # What an error is
//
// A recall that fails or expires, or is cancelled by nobody, or has not ended within
// 60 s; an error reply that is not due; a connection that was lost and not cut by us; an
// arrival for which no user was free. Users keep within the limits by what they know
// themselves, so that any refusal is an error; only those who hammer are to be refused.
// A recall that finds nothing, or answers without a service, is counted and is none.
//
// The first event of a recall is the first numbered event with its recall_id to come,
// whatever it says. Recalls that were taken back count in no time to the terminal event.
//
// # The end
//
// When all recalls have ended, users are asked for their free slots and all connections
// are closed; then the server must count no connection and no recall, and have the
// goroutines that it had before. What package judge finds comes last.
//
// # Concurrency
//
// One goroutine schedules and never waits for the server. Each connection has one that
// reads; what it tells changes its user under the user's mutex. What waits for replies,
// such as uploads, has goroutines of its own.
package load
