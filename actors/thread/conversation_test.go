package thread

import (
	"testing"

	"recall/actors/recall"
	"recall/wire"
)

// The transcripts in testdata/conversations are whole conversations: what came in,
// each event in order, what the outside services were asked, and what the thread
// keeps. They are to be read as a person would read them. After a change that is
// meant: go test ./actors/thread -run Conversations -rewrite
func TestConversations(t *testing.T) {
	t.Parallel()
	for name, play := range map[string]func(*talk){
		"refined_over_three_turns":    refined,
		"rejected_then_right":         rejected,
		"rejected_in_words":           refusedInWords,
		"meaning_in_another_language": meaning,
		"picture_then_voice_note":     pictureThenVoice,
		"hummed_then_more_of_them":    hummed,
		"everything_is_down":          allDown,
		"voice_without_models":        voiceWithoutModels,
	} {
		t.Run(name, golden(name, play))
	}
}

func wrote(title, artist string, confidence float64) wire.Candidate {
	return wire.Candidate{Title: title, Artist: artist, Confidence: confidence, Reason: "fits", Sources: []string{"gpt-4o"}}
}

func sounded(title, artist string, confidence float64, by string) wire.Candidate {
	c := wrote(title, artist, confidence)
	c.Sources = []string{by}
	return c
}

func answered(text string) recall.Draft {
	return recall.Draft{Type: wire.ResponseAnswer, Confidence: 0.9, Answer: &wire.Answer{Text: text}}
}

func found(question string, songs ...wire.Candidate) recall.Draft {
	return recall.Draft{Type: wire.ResponseSearch, Candidates: songs, FollowUp: question}
}

func refined(t *talk) {
	t.types("a sad one by an irish singer", cast{
		writes: found("Are the guitars loud or soft?", wrote("Linger", "The Cranberries", 0.55), wrote("Nothing Compares 2 U", "Sinéad O'Connor", 0.5)),
	})
	t.types("loud", cast{writes: found("are the guitars loud or soft", wrote("Dreams", "The Cranberries", 0.5))})
	t.types("the nineties, and it is about bombs, her voice cracks on the title", cast{
		writes: recall.Draft{Type: wire.ResponseBoth, Candidates: []wire.Candidate{wrote("Zombie", "The Cranberries", 0.93)}, Answer: &wire.Answer{Text: "That is “Zombie” by The Cranberries, a protest against the bombings of 1993."}},
	})
	t.types("thank you so much!", cast{})
	t.types("and now one with a saxophone solo from the eighties", cast{writes: found("Is it slow?", wrote("Careless Whisper", "George Michael", 0.6))})
}

func rejected(t *talk) {
	t.types("falsetto song by a band from norway", cast{writes: found("", wrote("The Sun Always Shines on T.V.", "a-ha", 0.92))})
	t.rejects("The Sun Always Shines on T.V.")
	t.types("it begins with a racing keyboard riff", cast{writes: found("", wrote("The Sun Always Shines on T.V.", "a-ha", 0.9), wrote("Take On Me", "a-ha", 0.9))})
	t.types("what is it about?", cast{lyrics: "(the words of the song)", writes: answered("Somebody asks a hesitant person to take a chance on love, while there is time.")})
	t.types("another one of theirs, the one for a film", cast{writes: found("", wrote("The Sun Always Shines on T.V.", "a-ha", 0.9), wrote("The Living Daylights", "a-ha", 0.9))})
}

func refusedInWords(t *talk) {
	t.types("queen song with a choir", cast{writes: found("", wrote("Somebody to Love", "Queen", 0.8))})
	t.types("no, that's not it, this one has Galileo in it", cast{writes: found("", wrote("Somebody to Love", "Queen", 0.8), wrote("Bohemian Rhapsody", "Queen", 0.97))})
	t.types("great, that's it!", cast{})
}

func meaning(t *talk) {
	t.types("hotel in the desert, twin guitar solo", cast{writes: found("", wrote("Hotel California", "Eagles", 0.95))})
	t.types("¿De qué trata esta canción?", cast{
		lyrics: "(the words of the song)",
		writes: answered("Un viajero llega a un hotel de lujo del que nadie puede irse: una imagen del exceso. In English: a traveller reaches a hotel that nobody can leave, an image of excess."),
	})
	t.types("und worum geht es in „Zombie“ von The Cranberries?", cast{lyrics: errAway, writes: answered("Um zwei Kinder, die 1993 bei einem Anschlag starben. In English: it mourns two children killed by a bomb in 1993.")})
	t.types("danke!", cast{})
}

func pictureThenVoice(t *talk) {
	t.shows(cast{
		sees:   "An album cover: a man with an acoustic guitar, the words “Tracy Chapman”.",
		writes: found("Do you remember any words?", wrote("Talkin' Bout a Revolution", "Tracy Chapman", 0.5), wrote("Fast Car", "Tracy Chapman", 0.62)),
	})
	t.speaks(cast{
		hears: "it's the one about driving away with her boyfriend", wants: wire.IntentFindSong, seconds: 4,
		writes: recall.Draft{Type: wire.ResponseBoth, Candidates: []wire.Candidate{wrote("Fast Car", "Tracy Chapman", 0.96)}, Answer: &wire.Answer{Text: "Then it is “Fast Car”, the second song on that album."}},
	})
	t.speaks(cast{hears: "thanks", wants: wire.IntentConversation, seconds: 1})
}

func hummed(t *talk) {
	t.speaks(cast{hears: "hmm hmm hmm hmm", wants: wire.IntentHumming, seconds: 7, sounds: map[string][]wire.Candidate{
		"acrcloud": {sounded("Take On Me", "a-ha", 0.82, "acrcloud")}, "shazam": {},
	}})
	t.types("what else did they make?", cast{writes: recall.Draft{
		Type: wire.ResponseAnswer, Confidence: 0.9, Answer: &wire.Answer{Text: "a-ha also made “The Living Daylights” and “Hunting High and Low”.", RelatedSongs: []wire.Related{{Title: "Hunting High and Low", Artist: "a-ha"}}},
	}})
	t.types("when was it released?", cast{writes: errAway})
}

func allDown(t *talk) {
	away := cast{hears: errAway, wants: errAway, sees: errAway, lyrics: errAway, writes: errAway, seconds: 5}
	t.types("hello", away)
	t.types("an irish woman sings of bombs, her voice cracks, loud guitars", away)
	t.types("what is it about?", away)
	t.speaks(away)
	t.shows(away)
	t.types("rain in a country far away, percussion, a man waits for a woman on a plane", away)
	t.types("thanks", away)
}

func voiceWithoutModels(t *talk) {
	t.speaks(cast{hears: "a slow song about rain", wants: errAway, writes: errAway, seconds: 5})
	t.speaks(cast{hears: "a woman", wants: errAway, writes: errAway, seconds: 1})
	t.speaks(cast{hears: "no", wants: errAway, writes: errAway, seconds: 1})
	t.speaks(cast{hears: "Wie heißt dieses Lied?", wants: errAway, writes: errAway, seconds: 12, sounds: map[string][]wire.Candidate{
		"acrcloud": {}, "shazam": {sounded("99 Luftballons", "Nena", 0.95, "shazam")},
	}})
}
