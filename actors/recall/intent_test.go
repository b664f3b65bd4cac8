package recall

import (
	"testing"

	"recall/wire"
)

func TestIntentOf(t *testing.T) {
	t.Parallel()
	for want, texts := range map[wire.Intent][]string{
		wire.IntentConversation: {
			"hi", "Hello there!", "hey", "Thanks a lot", "thank you so much!!", "ok, great", "Good morning", "danke", "Merci!", "gracias 🙏",
			"Bonjour", "Guten Tag", "¡Buenos días!", "olá", "привет!", "спасибо", "ありがとう", "you're great", "that's it, thanks",
		},
		wire.IntentBackground: {"[music]", "[Music] yeah", "one two three [INAUDIBLE]"},
		wire.IntentHumming:    {"la la la", "La, la, la!", "hmm hmm hmm", "la-la-la", "na na na na hey", "doo doo doo doo", "da–da–da"},
		wire.IntentInformation: {
			"who wrote Hallelujah", "When was Thriller released?", "which album is Halo on", "tell me about Björk", "Who sings Halo",
			"what is this song about", "What's “Imagine” about?!", "what year did it come out",
		},
		wire.IntentFindSong: {
			"find the one with the whistling", "identify this", "what song goes like that", "name that tune", "what is that song about a girl in the rain",
			"a woman sings about rain in the eighties", "ein Lied über neunundneunzig Luftballons", "песня о любви из девяностых",
			"hey песня о любви из девяностых", "ok, 上を向いて 歩こう という 歌", "hi, it has a saxophone in it", "the whole world sings la la la in it",
		},
		wire.IntentUnclear: {"", "???", "Thriller", "saxophone solo", "la la", "歌"},
	} {
		for _, text := range texts {
			if got, sure := IntentOf(text); got != want || sure <= 0 || sure > 1 {
				t.Errorf("%q: %s (%v), want %s", text, got, sure, want)
			}
		}
	}
}
