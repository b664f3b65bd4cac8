package recall

import (
	"slices"

	"recall/wire"
)

// The rules by which recognizers win (RECALL.md, step 4).
const (
	clearlyBetter = 0.1 // than the preferred recognizer's song
	winsAlone     = 0.8 // where the preferred one found nothing
	longClip      = 10  // seconds from which a clip is of a full song's kind
)

// ears are the recognizers at work.
type ears struct {
	order   []int // the preferred one first
	reports map[int]recognized
	over    bool // decided: what still comes is too late
}

// listen has the recording recognized by its sound.
func (p *plan) listen() {
	if len(p.team.recognizers) == 0 || !p.team.decoder {
		p.lack("acrcloud", notConfigured)
		p.lack("shazam", notConfigured)
		p.search()
		return
	}
	if p.clip == nil { // the app had written it down itself
		p.do(open{})
		return
	}
	p.status(wire.StageRecognizing, "Listening to the music")
	p.do(decode{*p.clip})
}

// decoded asks all recognizers side by side.
func (p *plan) decoded(in decoded) {
	if in.err != nil {
		for _, name := range p.team.recognizers {
			p.miss(name, in.err)
		}
		p.search()
		return
	}
	p.ears = ears{order: p.preference(in.sample.Seconds()), reports: map[int]recognized{}}
	for i := range p.team.recognizers {
		p.do(recognize{i, in.sample})
	}
}

// preference is the order in which recognizers are believed: Shazam knows
// recordings, ACRCloud and AudD know melodies as well.
func (p *plan) preference(seconds float64) []int {
	rank := map[string]int{"acrcloud": 0, "audd": 1, "shazam": 2}
	if p.intent == wire.IntentBackground || seconds > longClip {
		rank = map[string]int{"shazam": 0, "acrcloud": 1, "audd": 2}
	}
	order := make([]int, len(p.team.recognizers))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return rank[p.team.recognizers[a]] - rank[p.team.recognizers[b]] })
	return order
}

// recognized takes a report and goes on as soon as the rest cannot change the
// decision.
func (p *plan) recognized(in recognized) {
	if p.ears.over {
		return
	}
	in.songs = p.known.notRejected(tidy(in.songs, p.team.recognizers[in.who], p.keys), p.keys)
	p.ears.reports[in.who] = in
	best, decided := p.ears.winner()
	if !decided {
		return
	}
	p.ears.over = true
	for i, name := range p.team.recognizers { // in their order, not in that of their reports
		p.miss(name, p.ears.reports[i].err)
	}
	p.guess = fuse(p.ears.findings(), p.keys)
	if best == nil || best.Confidence < Sure {
		p.search()
		return
	}
	p.do(deafen{})
	p.identified(*best)
}

// winner is the song to believe; decided is false while a recognizer that has not
// reported matters.
//
// The preferred recognizer is the first of the order that could take part; another
// one's song must be clearly better. A sure song is told at once: nobody waits for a
// second opinion.
func (e *ears) winner() (best *wire.Candidate, decided bool) {
	led := false // the preferred one has been found
	for _, who := range e.order {
		r, reported := e.reports[who]
		switch {
		case !reported && !led:
			return nil, false
		case !reported, r.err != nil:
		case !led:
			led, best = true, first(r.songs)
		case beats(first(r.songs), best):
			best = first(r.songs)
		}
	}
	sure := best != nil && best.Confidence >= Sure
	return best, sure || len(e.reports) == len(e.order)
}

// beats tells whether another recognizer's song wins over the preferred one's,
// which may be nil.
func beats(other, preferred *wire.Candidate) bool {
	switch {
	case other == nil:
		return false
	case preferred == nil:
		return other.Confidence >= winsAlone
	default:
		return other.Confidence >= preferred.Confidence+clearlyBetter-rounding
	}
}

// rounding lets 0.8 be higher than 0.7 by 0.1.
const rounding = 1e-9

func first(songs []wire.Candidate) *wire.Candidate {
	if len(songs) == 0 {
		return nil
	}
	return &songs[0]
}

// findings are the songs of all reports, the preferred recognizer's first.
func (e *ears) findings() []Finding {
	var all []Finding
	for _, who := range e.order {
		all = append(all, Finding{Candidates: e.reports[who].songs})
	}
	return all
}

// identified answers with a song that was recognized: no language model is needed
// to say its name.
func (p *plan) identified(best wire.Candidate) {
	list := p.guess
	for i, c := range list {
		if p.keys.same(c, best) {
			p.offers.chosen = c.Key
			list = append([]wire.Candidate{c}, slices.Delete(slices.Clone(list), i, i+1)...)
			break
		}
	}
	p.concludeWith(list)
}
