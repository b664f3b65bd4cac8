// Package wire is the vocabulary of Recall: every message between an app and the
// server, the limits, the codes, and the codec. It imports the standard library
// only, and everybody else imports it. This page is the project's own reference of
// the protocol; description.json beside it says the same to programs.
//
// # Connection
//
// An app opens a WebSocket at `GET /v1/ws`, with the subprotocol [Subprotocol] or
// with none. A text frame is one JSON object, at most [MaxTextFrame] bytes of UTF-8;
// its "type" says what it is, and fields that the reader does not know are passed
// over. Ids are UUIDs ([ID]: written in lower case, read in either), times are UTC
// with milliseconds ([Time]), durations are whole numbers whose names end in _ms.
//
// The app proves who it is by a bearer token, either in the Authorization header of
// the upgrade (a bad one is answered with HTTP 401 and the JSON of an [Error]) or in
// [Hello], for which the server waits ten seconds. Until [Welcome] it hears nothing
// but [Hello]; what is sent behind a Hello whose token is still being judged waits
// for the outcome. With the header no Hello is needed: Welcome comes unasked, without
// an "id". A Hello that is sent all the same, say to resume threads, is answered by a
// Welcome of its own.
//
// # Commands
//
// A command may carry an "id" of up to [MaxCommandID] bytes, which its reply repeats.
// [Decode] reads and checks one; what it gives back needs no further look at single
// fields. The commands to one thread are taken in the order in which they were sent,
// others side by side; replies come as they are ready.
//
//	hello               Hello              → Welcome, Limits, a Subscribed for each resumed thread
//	auth.refresh        AuthRefresh        → OK
//	ping                Ping               → Pong
//	thread.create       ThreadCreate       → ThreadReply
//	thread.list         ThreadList         → Threads
//	thread.get          ThreadGet          → ThreadReply
//	thread.update       ThreadUpdate       → ThreadReply
//	thread.delete       ThreadDelete       → OK
//	thread.subscribe    ThreadSubscribe    → Subscribed, then events
//	thread.unsubscribe  ThreadUnsubscribe  → OK
//	messages.list       MessagesList       → Messages
//	recall              StartRecall        → RecallAccepted, Limits
//	recall.cancel       CancelRecall       → OK
//	candidate.confirm   Judge              → OK
//	candidate.reject    Judge              → OK
//	stash.list          StashList          → Stash
//	stash.add           StashEdit          → OK
//	stash.remove        StashEdit          → OK
//	media.open          MediaOpen          → MediaOpened
//	media.close         MediaClose         → MediaStored
//
// thread.create and recall also subscribe the connection to their thread.
//
// # Media
//
// Voice and image are uploaded before the recall that needs them, and belong to the
// one who uploaded them. [MediaOpened] names a channel of this connection; the bytes
// follow in binary frames of at most [MaxBinaryFrame] bytes, in order: 4 bytes of
// channel, big-endian, then bytes. Uploads may be interleaved, [MaxUploads] at once
// (`busy` above), and may take as long as a recording does. [MediaClose] counts
// every chunk that was sent before it. It ends the upload, whatever it answers:
// another try begins with [MediaOpen]. So does the end of the connection, which leaves
// nothing behind.
//
// A chunk has no reply. An upload that has failed takes its further chunks in silence
// and [MediaClose] tells why; that it is over [MaxMedia] is also said at once, in an
// [Error] that bears the media_id. A frame without an upload is answered once, until
// another text frame comes or the fault is another one: `bad_request` (too short for a
// channel) or `not_found` (nothing is open there). Chunks in a flood are not refused:
// they are read more slowly.
//
// The same over HTTP, with the bearer token: `POST /v1/media?kind=voice`, optionally
// with sha256, has the bytes as its body and answers 201 with the fields of
// [MediaStored]. `GET /v1/media/{media_id}` gives them back to their owner, and `HEAD`
// tells of them; ranges and validators are honoured. A fault is the JSON of an [Error]:
//
//	400  bad_request                   a wrong parameter; a body that was cut off
//	401  unauthorized, token_expired
//	404  not_found                     also what belongs to somebody else
//	413  too_large
//	415  unsupported_media
//	416  bad_request                   a range beyond the end
//	429  busy                          too many transfers of this user
//	503  unavailable                   with Retry-After
//
// # Events
//
// What happens in a thread is told to every subscriber, in the same order and in the
// same bytes. Each event has an [Envelope]: the thread, the recall that it belongs
// to, its number and the epoch of the numbering. Numbers start at 1 and leave no gap.
//
//	message              MessageStored
//	recall.started       RecallStarted
//	recall.status        RecallStatus
//	recall.transcript    RecallTranscript
//	recall.intent        RecallIntent
//	recall.candidate     RecallCandidate
//	recall.answer.delta  AnswerDelta
//	recall.answer        Answer
//	recall.follow_up     FollowUp
//	recall.completed     RecallCompleted    terminal
//	recall.failed        RecallFailed       terminal
//	recall.cancelled     RecallCancelled    terminal
//	recall.expired       RecallExpired      terminal
//	message.updated      MessageUpdated     an addition
//	thread.updated       ThreadUpdated      an addition
//	thread.deleted       ThreadDeleted      an addition
//	stash.changed        StashChanged       an addition
//
// # Promises
//
// An accepted recall has one terminal event and never a second one, and whoever sees
// it can be sure that it is stored. Within a recall the start comes first and the end
// last; the transcript precedes the intent, and the pieces of an answer precede the
// whole. Asking again with the same request_id joins the recall that is there, at no
// cost. Closing a connection cancels nothing.
//
// # Resume
//
// An app that lost its connection names the epoch and the last number it saw
// ([ThreadSubscribe], or [Resume] for many threads at once). When [Subscribed] says
// recovered, all that it missed follows without a gap; otherwise nothing of it does,
// and the app loads the thread by [MessagesList] and goes on from the seq it was told.
//
// # Errors
//
// An [Error] answers a command and leaves the connection open. Its code is for
// programs, its message for people; a bad_request's begins with the field. A
// [RateLimited] one says after how many milliseconds another try makes sense, others
// that pass may say it. Behind each answered recall, accepted or refused, come [Limits].
//
//	bad_request        CodeBadRequest
//	unknown_type       CodeUnknownType
//	unauthorized       CodeUnauthorized
//	token_expired      CodeTokenExpired
//	not_found          CodeNotFound
//	rate_limited       CodeRateLimited
//	busy               CodeBusy
//	too_large          CodeTooLarge
//	unsupported_media  CodeUnsupportedMedia
//	unavailable        CodeUnavailable
//	internal           CodeInternal
//
// Frames that come in a flood are refused with the policy `frames`; recalls with the
// other policies of [Limits]. Over HTTP (status 429) an address is refused with
// `connections`, `handshakes` or `requests`.
//
// # Close codes
//
// Before the server closes it says [Goodbye], unless the client takes nothing any
// more.
//
//	1009  CloseTooLarge        a frame over the limit
//	1012  CloseRestart         come back, not all at once
//	1013  CloseOverload        come back later
//	4001  CloseTokenExpired    come back with a fresh token
//	4008  CloseTooSlow         come back and resume
//	4012  CloseNoPong          come back and resume
//	4500  CloseUnauthorized    stay away: sign in first
//	4501  CloseProtocol        stay away: this is another protocol
//	4504  CloseTooManyClients  stay away: close another connection first
//
// A client that lags gets neighbouring answer pieces as one ([Merge]), which carries
// first_seq beside its seq and stands for all numbers between.
//
// # Additions to PROTOCOL.md
//
// An app that knows none of these loses nothing.
//
//   - media_id, a field of [Error]: which upload has grown too large.
//   - verdict, a field of [Posting]: confirmed or rejected, once the person has judged
//     the candidate.
//   - message.updated: a stored message has changed: its verdict, or its text and
//     raw_transcript, once a voice note has been heard or a picture read.
//   - thread.updated: title, pinned, archived, summary or the time of the last message
//     have changed, here or on another device.
//   - thread.deleted: the last event of a thread.
//   - stash.changed: the song kept for this thread; its item is null when there is
//     none any more.
//   - welcome without hello, for a client that sent its token with the upgrade.
//   - GET /v1/stats: `songs`, the size of the catalogue in use; and in `db`, beside
//     `queries`, how the connections to the database stand: `conns`, `max_conns`,
//     `waits` and `waited_ms` for a free one, and whether they are `saturated`. More of
//     it, and what stages, limits and overload are like, is described in server/metrics,
//     type Stats.
package wire

//go:generate go test -run TestDescription -rewrite .
