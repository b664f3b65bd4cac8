// Package services is a double of every outside service of a recall: Whisper, GPT-4o
// and GPT-4o-mini, ACRCloud, Shazam (as RapidAPI sells it), AudD and lyrics. It is
// written from PROVIDERS.md alone and shares no code with the clients, so that
// a misreading of the formats shows as a failing test and not as two equal mistakes.
//
// # Shape
//
// [Services] is one http.Handler; each service has a prefix of its own ([Server] has
// the addresses). A call passes through the same steps whatever the service:
//
//	read the body ─► whose call is it ─► log its start ─► the next planned [Fault]
//	   ─► the usual delay ─► answer (checks, then content) ─► deliver ─► log its end
//
// A fault replaces or changes the answer, or the manner of its delivery, or both.
//
// # What is heard and seen
//
// Answers depend on content alone, so equal requests have equal answers. [Clip] makes
// recordings that carry their own name as pairs of tones, and [Picture] pictures
// that carry it as squares; both survive what apps and converters do to media. The name
// tells every service what to answer: "song:Africa", "hum:Africa", "speech:any words",
// "silence", "noise", "album:Thriller". [Services.Script] gives any other bytes a name.
// A recording of no known name is no match for recognizers, and Whisper "hears"
// one of a few examples that begin with "(demo)". Compressed recordings are
// read through ffmpeg; where it is missing, only WAV is listened to.
//
// # Concurrency
//
// Everything may be called at any time from any goroutine. A stalled answer holds
// its goroutine until the client leaves or [Services.Close] is called; nothing else
// waits without an end.
package services
