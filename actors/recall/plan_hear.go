package recall

import (
	"strings"

	"recall/wire"
)

// hear has the recording written down.
func (p *plan) hear() {
	if p.team.transcriber == "" {
		p.lack("whisper", notConfigured)
		p.understand()
		return
	}
	p.do(transcribe{*p.clip})
}

// heard goes on with the words, or without any: a hum has none.
func (p *plan) heard(in heard) {
	p.miss(p.team.transcriber, in.err)
	if in.err == nil {
		p.read(in.text)
		p.say(&wire.RecallTranscript{Text: p.text, Final: true})
	}
	p.understand()
}

// understand asks what the person wants. Words that were typed follow rules;
// spoken ones are put to a model, since people speak less to the point.
func (p *plan) understand() {
	p.status(wire.StageUnderstanding, "Thinking about what you said")
	switch voice := p.job.Input.Kind == wire.InputVoice; {
	case voice && p.text != "" && p.team.understander != "":
		p.do(understand{p.text})
	case voice:
		p.intended(spokenIntent(p.text))
	default:
		p.intended(IntentOf(p.text))
	}
}

// understood falls back to the rules when the model is out of reach.
func (p *plan) understood(in understood) {
	if in.err != nil {
		p.miss(p.team.understander, in.err)
		p.intended(spokenIntent(p.text))
		return
	}
	p.intended(in.Intent, in.Confidence)
}

// intended takes the way that the intent asks for.
func (p *plan) intended(intent wire.Intent, sure float64) {
	p.known = KnownFrom(p.job.History, p.text)
	if intent == wire.IntentConversation && answersQuestion(p.job.History) {
		intent = wire.IntentFindSong // "yes" to a question is no small talk
	}
	p.intent = intent
	p.say(&wire.RecallIntent{Intent: intent, Confidence: sure})
	switch {
	case intent == wire.IntentConversation:
		p.reply(smallTalkReply(p.text))
	case intent == wire.IntentGenerateSong:
		p.reply("I cannot make songs, I find them. Tell me about one that you have heard, and I will look for it.")
	case p.needsEars():
		p.listen()
	case asksMeaning(p.text):
		p.explain()
	default:
		p.search()
	}
}

// needsEars tells whether the sound itself has more to say than the words.
func (p *plan) needsEars() bool {
	if p.job.Input.Kind != wire.InputVoice {
		return false
	}
	switch p.intent {
	case wire.IntentHumming, wire.IntentBackground, wire.IntentUnclear:
		return true
	case wire.IntentFindSong:
		return len(tellingWords(p.text)) < fewWords
	default:
		return false
	}
}

// spokenIntent are the rules for a transcript: what has hardly any words is not
// speech, but music (RECALL.md, step 3).
func spokenIntent(text string) (wire.Intent, float64) {
	if intent, sure := IntentOf(text); intent != wire.IntentUnclear {
		return intent, sure
	}
	return wire.IntentBackground, 0.6
}

// requestWords ask for a song without telling anything of it.
var requestWords = wordSet(`a an the this that it is it's its what what's which who was of name song songs tune track music called find
	identify me please can could you tell know do i want looking for hey recall playing play now here listen to hear`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// tellingWords are the words that say something of the song itself.
func tellingWords(text string) []string {
	var telling []string
	for _, w := range strings.Fields(strings.ToLower(text)) {
		if w = strings.Trim(w, ".,;:!?…\"“”()[]"); w != "" && !requestWords[w] {
			telling = append(telling, w)
		}
	}
	return telling
}
