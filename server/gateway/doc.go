// Package gateway is the edge: HTTP and the WebSockets.
//
// # One connection
//
// A goroutine of its own waits for bytes (the HTTP handler has returned, which gives its
// buffers back). When some come another one decodes each frame and hands it to the
// session's actor, until no more has come: see [conn.wait]. Frames for the client go
// through the outbox: a queue bounded in frames and bytes and, only while something is
// queued, a goroutine that writes as many as there are at once. An idle connection so
// costs one goroutine with the smallest stack there is, no timer goroutine, and no buffer
// but that of its first read.
//
// The library shakes hands and reads. What is written we put together ourselves, see
// [appendFrame]; of the library's own only a close frame goes out.
//
// # Who ends it
//
// The client, by closing: the reader sees it and tells the session. Or the
// server, by [conn.Close]: a goodbye behind what is queued, then the close frame.
// Either way the reader ends last and takes the connection out of the registry.
//
// # Bounds
//
// 64 KiB a text frame, 256 KiB a binary frame (1009). [Config.InFlight] commands at once,
// and twice as many of all connections of a user together: the reader then waits, and
// TCP with it. The outbox (4008). Connections of the process (HTTP 503) and of a user
// (4504). [maxTransfers] uploads and downloads of a user over HTTP (429), each for as
// long as bytes flow.
//
// # Floods
//
// Whatever may come only so fast has a [bucket]: a burst, then a rate.
//
//   - Frames of a connection: refused (`rate_limited`, policy `frames`) and read no
//     further for a moment; chunks of an upload and pings wait instead.
//   - Bytes of a connection, whatever they are: see [socket.Read]. Nothing is refused.
//   - Handshakes of an address, and its other requests: HTTP 429. Never health checks.
//
// An address also has so many connections at once (429). Which address a request
// comes from tells [Gateway.remote]; what is remembered of addresses, and for how long,
// [addresses]. [Config.Unlimited] networks have no limits of an address and are told
// of none. Everybody else reads in `RateLimit-Policy` and `RateLimit` of each answer
// how far away the next refusal is, and in `Retry-After` how long it lasts: whole
// seconds, never less than the wait.
//
// # Traces
//
// With a tracer each command is a span from its frame until its place comes back, and
// each transfer over HTTP is one. [session.Received] carries it on.
//
// # Media
//
// The chunks of an upload go from the socket into the store through a buffer of
// [chunkBuffer] bytes that a connection holds only while a chunk is coming in: a
// store that is slow holds up the reader, and TCP the client. A download goes the
// other way at the client's pace. Neither has a time limit as a whole; both end when
// nothing moves for [transferIdle].
package gateway
