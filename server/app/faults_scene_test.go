package app

import (
	"slices"
	"time"

	"recall/server/config"
	double "recall/stress/emulator/services"
	"recall/wire"
)

// scene is a recall that cannot do without a service: its answer, or its fault, is
// waited for.
type scene struct {
	name    string
	service string
	ask     func(*person) wire.Input
	change  func(*config.Config)
	streams bool // the answer of the service comes in pieces
}

func (s scene) timeout(c config.Config) time.Duration {
	switch s.service {
	case double.Whisper:
		return c.TranscribeTimeout
	case double.GPT4oMini:
		return c.IntentTimeout
	case double.GPT4o:
		return c.AnswerTimeout
	case double.Lyrics:
		return c.LyricsTimeout
	default:
		return c.RecognizeTimeout
	}
}

// scenes has every service at least once. Of the recognizers, nobody waits for one
// that can change nothing: so ACRCloud and AudD, which both know hums, have their turn
// without the other.
var scenes = []scene{
	{"whisper", double.Whisper, spoken("hum:Take On Me"), nil, false},
	{"whisper streams", double.Whisper, spoken("hum:Take On Me"), func(c *config.Config) { c.WhisperModel = "gpt-4o-transcribe" }, true},
	{"gpt-4o-mini", double.GPT4oMini, spoken("speech:norwegian band with a high falsetto"), nil, false},
	{"gpt-4o writes", double.GPT4o, typed("norwegian band from the eighties with a high falsetto voice and synthesizers"), nil, true},
	{"gpt-4o looks", double.GPT4o, shown("album:Thriller"), nil, false},
	{"acrcloud", double.ACRCloud, spoken("hum:Take On Me"), func(c *config.Config) { c.AudDToken = "" }, false},
	{"shazam", double.Shazam, spoken("song:Africa"), nil, false},
	{"audd", double.AudD, spoken("hum:Take On Me"), func(c *config.Config) { c.ACRCloudKey = "" }, false},
	{"lyrics", double.Lyrics, typed("what is Take On Me by a-ha about?"), nil, false},
}

// words are how `degraded` may put each class.
var words = map[double.Class][]string{
	double.Unavailable: {"unavailable"},
	double.Timeout:     {"timeout", "stalled"},
	double.Throttled:   {"throttled"},
	double.Auth:        {"auth", "config"},
	double.Quota:       {"quota"},
	double.BadInput:    {"bad_input", "length", "content_filter", "refusal"},
}

// breaks are the classes that count for a breaker (PROVIDERS.md, B0), written down here
// once more, so that the code is held to the document and not to itself.
func breaks(outcome string) bool {
	return slices.Contains([]double.Class{double.Unavailable, double.Timeout}, double.Class(outcome))
}

func disables(outcome string) bool {
	return slices.Contains([]double.Class{double.Auth, double.Quota}, double.Class(outcome))
}

// inARow counts the failures that a breaker should have counted.
func inARow(outcomes []string) (n int) {
	for _, o := range outcomes {
		switch {
		case breaks(o):
			n++
		default:
			n = 0
		}
	}
	return n
}
