package recall

import "recall/wire"

// offered are the songs that a thread was offered, oldest turn first.
type offered struct {
	all  []Offer
	turn []int // of each: the offers of one answer of ours have the same
	now  int   // rises with everything that the person says
}

func (o *offered) add(p *wire.Posting) {
	offer := Offer{Title: p.SongTitle, Artist: p.SongArtist, Verdict: p.Verdict}
	if p.Confidence != nil { // rows of the earlier app may have no more than this
		offer.Confidence = *p.Confidence
	}
	if p.Candidate != nil {
		offer.Key, offer.Confidence = p.Candidate.Key, p.Candidate.Confidence
	}
	o.all, o.turn = append(o.all, offer), append(o.turn, o.now)
}

// judge takes the person's words for a verdict on the last offers: "no" to a song
// that we were sure of, "not that one" to our best guess, "none of these" to all.
func (o *offered) judge(text string, settled bool) {
	all, best := refusalOfAll.fits(text), o.last(whichever)
	for i := len(o.all) - 1; i >= 0 && o.turn[i] == o.turn[len(o.all)-1]; i-- {
		no := all || i == best && (settled && objection.MatchString(text) || refusal.fits(text))
		if no && o.all[i].Verdict == "" {
			o.all[i].Verdict = wire.Rejected
		}
	}
	o.now++
}

func whichever(Offer) bool { return true }

// last is the best such offer of the last turn that has one which the person has
// not rejected, -1 when there is none.
func (o *offered) last(such func(Offer) bool) int {
	best := -1
	for i, offer := range o.all {
		switch {
		case offer.Verdict == wire.Rejected || !such(offer):
		case best < 0, o.turn[i] > o.turn[best], offer.Verdict == wire.Confirmed,
			o.all[best].Verdict != wire.Confirmed && offer.Confidence > o.all[best].Confidence:
			best = i
		}
	}
	return best
}

// known files the offers: what the person rejected or passed over is not offered
// again.
func (o *offered) known() Known {
	var k Known
	for _, offer := range o.all {
		if offer.Verdict == wire.Rejected || offer.Verdict == "" && offer.Confidence < PassedOver {
			k.Avoid = append(k.Avoid, offer)
			continue
		}
		k.Given = append(k.Given, offer)
	}
	if i := o.last(func(offer Offer) bool { return offer.Verdict != "" || offer.Confidence >= PassedOver }); i >= 0 {
		k.song = o.all[i]
	} else if i = o.last(whichever); i >= 0 {
		k.song = o.all[i]
	}
	return k
}
