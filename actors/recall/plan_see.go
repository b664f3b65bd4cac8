package recall

import (
	"strings"

	"recall/wire"
)

// view has the picture described; what is written on it is the query.
func (p *plan) view() {
	if p.team.viewer == "" {
		p.lack("gpt-4o", notConfigured)
		p.askBack("I cannot look at pictures here. What does it show or say?")
		return
	}
	p.do(view{*p.clip})
}

// viewed looks for what the picture shows. Its words are nobody's wish: a cover
// that says "Hello" is no greeting.
func (p *plan) viewed(in viewed) {
	p.miss(p.team.viewer, in.err)
	switch shown := strings.TrimSpace(in.text); {
	case shown == "":
		p.askBack("I could not make out the picture. What does it show or say?")
		return
	case p.text == "":
		p.read(shown)
	default: // a question came with it; the words of the message stay
		p.text = excerpt(shown, wire.MaxText)
	}
	p.known = KnownFrom(p.job.History, p.text)
	p.intent = wire.IntentFindSong
	p.say(&wire.RecallIntent{Intent: p.intent, Confidence: 0.9})
	p.search()
}

// askBack ends a recall whose message has told nothing to go by. The next step is
// the person's, so that there is always a question.
func (p *plan) askBack(question string) {
	if p.intent == "" {
		p.intent = wire.IntentUnclear
		p.say(&wire.RecallIntent{Intent: p.intent})
	}
	done := p.completed()
	done.Status, done.ResponseType = wire.StatusNoMatch, wire.ResponseSearch
	p.followUp(done, question)
	switch p.job.Input.Kind { // others may hear or see more in it
	case wire.InputVoice:
		p.askCrowd(done, "Does anybody recognize this recording?")
	case wire.InputImage:
		p.askCrowd(done, "Does anybody know which song this picture belongs to?")
	case wire.InputText:
	}
	p.do(finish{Outcome{Terminal: done}})
}
