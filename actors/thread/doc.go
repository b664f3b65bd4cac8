// Package thread is the behaviour of one conversation thread: the grain that
// owns its messages, its numbering, its subscribers and its recalls.
//
// # Pattern
//
// [State] is a pure state machine: [State.Step] takes one input and the time and
// returns effects. It does no I/O, starts no goroutine and reads no clock, so
// that every behaviour is tested without actors. [Grain] is the thin actor
// around it: it feeds messages in and carries effects out, each effect that may
// wait in a goroutine of its own whose result comes back as a message. Nothing
// that waits runs inside the mailbox.
//
// # The log
//
// Everything that happens in a thread is appended to one log, strictly in order.
// An append is either volatile (a status line, a piece of an answer) or durable
// (a message, a terminal event): a durable one is published only after Postgres
// has it, and whatever is appended meanwhile waits behind it. So every
// subscriber sees the same dense numbers, and what it saw of a durable event is
// stored.
//
// Between recalls the last event of a log is always a durable one. That is why a
// thread can forget everything when it passivates and go on with the same
// numbering when it wakes, and why only an activation that finds an open recall
// (volatile events were lost with a crash) must begin a new epoch.
//
// # Who may write
//
// Postgres judges. Each activation takes a fence, a number that only rises, and
// every write carries it; a write of an activation that was overtaken fails with
// [wire.ErrStale], and that activation stops.
//
// A write whose answer was lost is repeated until the store says what became of
// it, and nothing else is written before. When that cannot be learned, the
// activation stops too: the next one reads the truth.
//
// # Reading
//
// A page comes from the book (what is kept of the thread's messages), else from what
// the same peer was answered within the last 300 ms, else from a query, which equal
// requests share. Queries are for whole pages that end where the book begins, so that
// clients may read back in steps of any size. The page behind a subscriber who reads
// back is prefetched: last, one at a time, and only when the store has time. The
// book is written through and stands in a cache of the process, where it outlives the
// activation: [Book.AsOf] tells the next one whether it is still right.
//
// Each of these can be switched off ([Config.Without], [NoShelf]); what a thread
// answers stays the same. A repeated request_id always joins: that is a promise. While new
// recalls are shed ([Request.Refusal]) it joins the one that waits or runs; whoever repeats
// one that has ended is told to come back.
//
// # Bounds
//
// One recall runs, [Config.Waiting] wait, more are refused with `busy`. The
// history for resuming holds at most [Config.HistoryEvents] events and
// [Config.HistoryBytes] bytes. While the thread loads at most [Config.Parked]
// requests wait, and as many entries that may fail in its log (none while the store
// is away); more are refused with `unavailable`. At most 16 pages that
// were asked for are read at once (without coalescing as many as its senders have
// places for), and one prefetched. The pages that at most 256 peers were answered last are
// held where the book does not keep them, and dropped at most 600 ms after the last
// request for them.
package thread
