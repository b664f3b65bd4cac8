package recall

import "recall/wire"

// view has the picture described; what is written on it is the query.
func (p *plan) view() {
	if p.team.viewer == "" {
		p.lack("gpt-4o", notConfigured)
		p.unreadable("I cannot look at pictures here. What does it show or say?")
		return
	}
	p.do(view{*p.clip})
}

func (p *plan) viewed(in viewed) {
	p.miss(p.team.viewer, in.err)
	p.read(in.text)
	if p.text == "" {
		p.unreadable("I could not make out the picture. What does it show or say?")
		return
	}
	p.understand()
}

// unreadable ends a recall whose message has told nothing at all. The next step is
// the person's, so that there is always a question.
func (p *plan) unreadable(question string) {
	if p.intent == "" {
		p.intent = wire.IntentUnclear
		p.say(&wire.RecallIntent{Intent: p.intent})
	}
	done := p.completed()
	done.Status, done.ResponseType = wire.StatusNoMatch, wire.ResponseSearch
	p.followUp(done, question)
	p.do(finish{Outcome{Terminal: done}})
}
