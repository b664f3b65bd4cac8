// Package audio turns recordings into what recognizers hear, and what they
// answer into candidates.
//
// [Converter] makes a [recall.Sample] of any recording: by ffmpeg where it is
// installed, else by decoders in Go for WAV, MP3, FLAC, Ogg Vorbis and Ogg Opus.
// Recordings come from strangers. ffmpeg may therefore read the recording and
// nothing else, with bounds on time, memory and threads; the decoders in Go are
// fed through readers that end with the context, their panics are failures of the
// one clip, and headers that would make them allocate without bound or loop
// forever are refused first.
//
// [WAV], [Form], [Match] and [Refused] are what the clients of recognizers have
// in common: the file they send, the form it goes in, the candidate they make of
// an answer, and the class of a bad HTTP status.
package audio
