package recall

import "recall/wire"

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
	case voice && Words(p.text) != "" && p.team.understander != "":
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
	if p.answersUs(intent) {
		intent = wire.IntentFindSong
	}
	song, meaning := p.asksMeaning()
	if meaning && intent == wire.IntentFindSong {
		intent = wire.IntentInformation
	}
	p.intent = intent
	p.say(&wire.RecallIntent{Intent: intent, Confidence: within(sure)})
	switch {
	case intent == wire.IntentConversation:
		p.reply(smallTalkReply(p.text))
	case intent == wire.IntentGenerateSong:
		p.reply("I cannot make songs, I find them. Tell me about one that you have heard, and I will look for it.")
	case meaning && p.explains(song):
	case p.needsEars():
		p.listen()
	default:
		p.search()
	}
}

// answersUs tells whether words that would mean little elsewhere answer the
// question that we have asked last: "yes", "the second".
func (p *plan) answersUs(intent wire.Intent) bool {
	if !answersQuestion(p.job.History) {
		return false
	}
	switch intent {
	case wire.IntentConversation:
		return affirmed.MatchString(p.text)
	case wire.IntentUnclear, wire.IntentBackground:
		return len(tellingWords(p.text)) > 0 && !marked(p.text)
	default:
		return false
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
		telling := len(tellingWords(p.text))
		return telling == 0 || telling < fewWords && !answersQuestion(p.job.History)
	default:
		return false
	}
}

// answersQuestion tells whether the last thing said in the thread is a question of
// ours.
func answersQuestion(history []*wire.Posting) bool {
	return len(history) > 0 && history[len(history)-1].Type == wire.TypeFollowUp
}
