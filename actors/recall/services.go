package recall

import (
	"context"
	"io"

	"recall/wire"
)

// The outside services of a recall. Each may be absent (nil: not configured), slow
// or down; the recall goes on without it. Their errors are told by
// [recall/actors/provider/fault]; no match is an empty result and no error. Name is
// how `degraded` and a candidate's sources call the service.
type (
	// Transcriber writes down what is said in a recording ("whisper").
	Transcriber interface {
		Name() string
		// Transcribe may tell what it has so far, as often as it likes; each time the
		// whole text up to there. An empty transcript is no error.
		Transcribe(ctx context.Context, c Clip, partial func(text string)) (string, error)
	}
	// Understander tells what a person wants ("gpt-4o-mini").
	Understander interface {
		Name() string
		Understand(ctx context.Context, text string) (Understanding, error)
	}
	// Decoder turns a recording into samples.
	Decoder interface {
		// Decode gives at most the first 12 s. Its fault for a format that cannot be
		// read here has the reason "unsupported_format".
		Decode(ctx context.Context, c Clip) (Sample, error)
	}
	// Recognizer finds a song by its sound ("acrcloud", "shazam", "audd").
	Recognizer interface {
		Name() string
		// Recognize gives candidates, best first, with Sources naming the recognizer.
		Recognize(ctx context.Context, s Sample) ([]wire.Candidate, error)
	}
	// Viewer describes a picture and reads every word on it ("gpt-4o").
	Viewer interface {
		Name() string
		View(ctx context.Context, c Clip) (string, error)
	}
	// Writer answers with everything that is known ("gpt-4o").
	Writer interface {
		Name() string
		// Write tells each candidate and each piece of the answer while the model is
		// still writing, and returns the whole. After an error, what was told stands.
		Write(ctx context.Context, b Brief, tell func(Piece)) (Draft, error)
	}
	// Lyrics knows the words of songs ("lyrics").
	Lyrics interface {
		Name() string
		// Lyrics is empty when they are not known.
		Lyrics(ctx context.Context, artist, title string) (string, error)
	}
	// Library gives what was uploaded.
	Library interface {
		// Clip opens what owner uploaded, for as long as ctx lasts.
		Clip(ctx context.Context, owner, mediaID wire.ID) (Clip, error)
	}
)

// Clip is an uploaded recording or picture.
type Clip struct {
	ContentType string // by its content, such as audio/mp4
	Extension   string // that fits the content, with the dot: ".m4a"
	Size        int64  // bytes
	SHA256      string // hex: equal clips are equal requests
	Owner       wire.ID
	// Open gives the bytes from the start; it may be called several times.
	Open func(ctx context.Context) (io.ReadCloser, error)
}

// Sample is the beginning of a recording: mono, 44,100 Hz, signed 16 bit
// little-endian, at most 12 s.
type Sample struct {
	PCM    []byte
	SHA256 string // hex, of the clip that it was taken from
}

// SampleRate is the number of samples in a second of a [Sample].
const SampleRate = 44100

// Seconds is how long the sample is.
func (s Sample) Seconds() float64 { return float64(len(s.PCM)) / (2 * SampleRate) }

// Understanding is what a person wants, and how sure that is (0 to 1).
type Understanding struct {
	Intent     wire.Intent
	Confidence float64
}

// Brief is what the [Writer] is to answer.
type Brief struct {
	Query   Query            // the words of this turn and what the thread knows
	Intent  wire.Intent      // information and find_song differ in what is expected
	Found   []wire.Candidate // of catalogue and recognizers: evidence, not the answer
	Song    *Song            // the question is what this song means
	History []Turn           // the conversation, oldest first, at most 20
}

// Song is a song whose words are known.
type Song struct{ Title, Artist, Lyrics string }

// Turn is one message of the conversation.
type Turn struct {
	User bool // else it is ours
	Text string
}

// Piece is a part of the writer's answer: a candidate, or words to append.
type Piece struct {
	Candidate *wire.Candidate
	Text      string
}

// Join is a piece of text with the one behind it; false when one of them is a candidate.
func (p Piece) Join(next any) (both any, ok bool) {
	behind, isPiece := next.(Piece)
	if !isPiece || p.Candidate != nil || behind.Candidate != nil {
		return nil, false
	}
	return Piece{Text: p.Text + behind.Text}, true
}

// Draft is the writer's whole answer.
type Draft struct {
	Type        wire.ResponseType
	Confidence  float64 // overall, 0 to 1
	Candidates  []wire.Candidate
	Answer      *wire.Answer // nil: none
	FollowUp    string       // one question; "" none
	AskCrowd    bool
	CrowdPrompt string
}
