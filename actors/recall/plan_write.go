package recall

import (
	"strings"

	"recall/wire"
)

// draft is what the model has written.
type draft struct {
	text       strings.Builder
	candidates []wire.Candidate
}

// write has the model answer with everything that is known.
func (p *plan) write() {
	p.status(wire.StageAnswering, "Thinking it over")
	q := Query{Text: p.text, Known: p.known, Limit: mostCandidates}
	p.do(write{Brief{Query: q, Intent: p.intent, Found: p.evidence(), Song: p.song, History: turns(p.job.History)}})
}

// evidence is what the model is told of the findings: what may be offered, and
// what fits although it was offered before.
func (p *plan) evidence() []wire.Candidate {
	fresh, again := p.known.split(p.all(), p.keys)
	return append(fresh, again...)
}

// piece passes on what the model has just written.
func (p *plan) piece(in Piece) {
	if c := in.Candidate; c != nil && p.song == nil {
		p.draft.candidates = append(p.draft.candidates, tidy([]wire.Candidate{*c}, p.team.writer, p.keys)...)
		p.offer(p.worthTelling())
	}
	if in.Text != "" {
		p.draft.text.WriteString(in.Text)
		p.say(&wire.AnswerDelta{Text: in.Text})
	}
}

// wrote ends the recall. A model that failed leaves what it had said, and the
// catalogue's answer when it had said nothing.
func (p *plan) wrote(in wrote) {
	p.miss(p.team.writer, in.err)
	told := p.draft.text.String()
	d, complete := p.drafted(in, told)
	if !complete {
		p.concludeWith(p.all())
		return
	}
	if p.song == nil {
		p.draft.candidates = tidy(d.Candidates, p.team.writer, p.keys)
		p.offer(p.worthTelling())
	}
	done := p.completed()
	done.ResponseType, done.OverallConfidence = d.Type, p.overall(d)
	done.Status = p.standing(done)
	p.answer(done, d.Answer, told)
	p.ask(done, d)
	p.do(finish{Outcome{Terminal: done}})
}

// drafted is the model's draft with a type that fits what it holds; it is not
// complete when there is nothing in it to end a recall with.
func (p *plan) drafted(in wrote, told string) (d Draft, complete bool) {
	d = in.Draft
	if in.err != nil {
		d = Draft{Type: wire.ResponseBoth, Candidates: p.draft.candidates, Answer: &wire.Answer{Text: told}}
	}
	says := told != "" || d.Answer != nil && strings.TrimSpace(d.Answer.Text) != ""
	switch {
	case p.song != nil, says && p.intent == wire.IntentInformation && len(d.Candidates) == 0:
		d.Type = wire.ResponseAnswer
	case says && d.Type != wire.ResponseAnswer:
		d.Type = wire.ResponseBoth
	case !says:
		d.Type, d.Answer = wire.ResponseSearch, nil
	}
	return d, says || in.err == nil && p.song == nil
}

// overall is how sure the whole is: of the best song, and of an answer as the
// model judges it.
func (p *plan) overall(d Draft) float64 {
	if d.Type == wire.ResponseAnswer {
		return within(d.Confidence)
	}
	return p.best()
}

// best is the confidence of the best song of all.
func (p *plan) best() float64 {
	best, _ := p.offers.best()
	return best.Confidence
}

// standing is how the recall has ended.
func (p *plan) standing(done *wire.RecallCompleted) wire.Status {
	switch {
	case done.ResponseType == wire.ResponseAnswer, done.OverallConfidence >= Sure:
		return wire.StatusDone
	case len(done.Candidates) > 0:
		return wire.StatusRefining
	default:
		return wire.StatusNoMatch
	}
}

// answer tells the whole answer. What was streamed is the truth of its text; a
// sure song without a word is given a sentence.
func (p *plan) answer(done *wire.RecallCompleted, a *wire.Answer, told string) {
	switch {
	case told != "":
		whole := wire.Answer{Text: told}
		if a != nil {
			whole.Sources, whole.RelatedSongs = a.Sources, a.RelatedSongs
		}
		done.Answer = p.wholeAnswer(whole)
	case a != nil && a.Text != "":
		done.Answer = p.utter(*a)
	case done.Status == wire.StatusDone:
		done.ResponseType = wire.ResponseBoth
		best, known := p.offers.best()
		done.Answer = p.utter(wire.Answer{Text: p.sentence(best, known)})
	}
}

// ask adds the one question, and the advice to ask other people, as far as they
// are due (RECALL.md, step 9).
func (p *plan) ask(done *wire.RecallCompleted, d Draft) {
	answer := done.ResponseType == wire.ResponseAnswer
	if answer || done.OverallConfidence < Sure {
		question := d.FollowUp
		if contains(p.known.Asked, question) {
			question = ""
		}
		if question == "" && !answer { // an answer needs none
			question = p.question()
		}
		p.followUp(done, question)
	}
	if done.OverallConfidence < crowdBelow && !answer {
		p.askCrowd(done, d.CrowdPrompt)
	}
}

// turns is the conversation as the model is to read it.
func turns(history []*wire.Posting) []Turn {
	var all []Turn
	for _, h := range history {
		if h.Text != "" && h.Role != wire.RoleSystem && h.Type != wire.TypeStatus {
			all = append(all, Turn{User: h.Role == wire.RoleUser, Text: h.Text})
		}
	}
	return all
}
