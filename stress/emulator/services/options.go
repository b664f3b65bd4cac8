package services

import (
	"log/slog"
	"time"
)

// Names of the services, as `degraded` calls them. Both chat models share an address
// and are told apart by the model that is asked for.
const (
	Whisper   = "whisper"
	GPT4o     = "gpt-4o"
	GPT4oMini = "gpt-4o-mini"
	ACRCloud  = "acrcloud"
	Shazam    = "shazam"
	AudD      = "audd"
	Lyrics    = "lyrics"
)

// All stands for every service where faults are planned.
const All = "all"

// Names is every service in a fixed order.
func Names() []string {
	return []string{Whisper, GPT4o, GPT4oMini, ACRCloud, Shazam, AudD, Lyrics}
}

// Keys are the credentials that are accepted; any other is refused as the real
// service would.
type Keys struct {
	OpenAI         string
	ACRCloud       string
	ACRCloudSecret string
	Shazam         string
	AudD           string
}

// demoKeys stand in for what the options leave empty.
var demoKeys = Keys{
	OpenAI:         "sk-emulator",
	ACRCloud:       "emulator-key",
	ACRCloudSecret: "emulator-secret",
	Shazam:         "emulator-rapidapi",
	AudD:           "emulator-token",
}

// Options of the double. The zero value serves.
type Options struct {
	Keys Keys // what is empty has the demo's value
	// TokensPerSecond is the pace of streams; 0: 30, less than 0: no pauses.
	TokensPerSecond float64
	// Burst is the time in which the tokens that come due are sent in one write; 0:
	// each by itself. The streams of real services arrive like that too when many
	// share a machine: tokens pile up and leave in one TCP segment. A token is late by
	// less than Burst; the end of a stream comes when it would anyway. What happens, happens
	// in steps of a fifth of it, for all streams at once: a pause is shorter by less than that.
	Burst time.Duration
	// Candidates is the most songs that a chat answer names, 1 to 5; 0: 5. A song takes
	// some 130 tokens, which is what a stream costs everybody who has to do with it.
	Candidates int
	// Latency is the median of the log-normal pause before each answer; 0: none.
	Latency time.Duration
	// Seed makes probabilities and random pauses repeatable; 0 is a seed as well.
	Seed uint64
	// Logger is told every call; nil: nobody.
	Logger *slog.Logger
	// Now is the clock that ACRCloud timestamps are judged by; nil: time.Now.
	Now func() time.Time

	ears *ears // of this package's tests: shared, since listening is what costs
}

const defaultPace = 30

func (o Options) filled() Options {
	for _, f := range []struct{ value, standard *string }{
		{&o.Keys.OpenAI, &demoKeys.OpenAI},
		{&o.Keys.ACRCloud, &demoKeys.ACRCloud},
		{&o.Keys.ACRCloudSecret, &demoKeys.ACRCloudSecret},
		{&o.Keys.Shazam, &demoKeys.Shazam},
		{&o.Keys.AudD, &demoKeys.AudD},
	} {
		if *f.value == "" {
			*f.value = *f.standard
		}
	}
	if o.TokensPerSecond == 0 {
		o.TokensPerSecond = defaultPace
	}
	if o.Candidates <= 0 || o.Candidates > mostGuesses {
		o.Candidates = mostGuesses
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}
