package recall

import (
	"slices"

	"recall/wire"
)

// search asks the sources of our own, side by side. What they know is there in
// milliseconds: it is told before the model has begun, and is evidence for it.
func (p *plan) search() {
	if p.job.Input.Kind == wire.InputVoice {
		p.text = Words(p.text)
	}
	if p.text == "" && len(p.guess) == 0 {
		p.askBack("I could not make that out. Can you hum it a little longer, or describe the song in words?")
		return
	}
	p.status(wire.StageSearching, "Looking through the songs")
	p.offer(p.guess)
	if song := p.known.song; song.Title != "" && pointsBack(p.intent, p.text) {
		p.askSources(song.Title + " " + song.Artist)
		return
	}
	p.askSources(p.text)
}

// askSources asks everybody at once, and goes on when all have answered.
func (p *plan) askSources(text string) {
	p.asked, p.failed, p.await = make([]Finding, len(p.team.sources)), make([]error, len(p.team.sources)), len(p.team.sources)
	if text == "" || p.await == 0 {
		p.searched()
		return
	}
	for i := range p.team.sources {
		p.do(lookUp{i, query(text, p.known)})
	}
}

// query asks for as many songs more as were offered already, since those will
// not be offered again.
func query(text string, known Known) Query {
	q := Query{Text: text, Known: known, Limit: mostCandidates + len(known.Avoid) + len(known.Given)}
	q.Known.Avoid = known.rejected()
	return q
}

func (p *plan) found(in found) {
	in.finding.Candidates = tidy(in.finding.Candidates, p.team.sources[in.who], p.keys)
	p.asked[in.who], p.failed[in.who] = in.finding, in.err
	if p.await--; p.await > 0 {
		return
	}
	for i, name := range p.team.sources { // in their order, not in that of their answers
		p.miss(name, p.failed[i])
	}
	p.searched()
}

// searched tells what is known so far and lets the model write.
func (p *plan) searched() {
	if p.song != nil {
		p.knowsSong()
		return
	}
	if p.team.writer == "" {
		p.concludeWith(p.all())
		return
	}
	p.offer(p.worthTelling())
	p.write()
}

// all are the candidates of everybody so far, merged. The order of the sources
// never changes, so that a song keeps its key. They stand until they are asked for again.
func (p *plan) all() []wire.Candidate {
	findings := append(make([]Finding, 0, len(p.asked)+2), Finding{Candidates: p.guess})
	findings = append(append(findings, p.asked...), Finding{Candidates: p.draft.candidates})
	p.merged = appendFused(p.merged[:0], findings, p.keys)
	return p.merged
}

// worthTelling are all, unless facts are asked for: then the catalogue's songs are
// evidence, and what the model names is the answer.
func (p *plan) worthTelling() []wire.Candidate {
	all := p.all()
	if p.intent != wire.IntentInformation {
		return all
	}
	return slices.DeleteFunc(all, func(c wire.Candidate) bool {
		return !slices.ContainsFunc(p.draft.candidates, func(d wire.Candidate) bool { return p.keys.same(c, d) })
	})
}

// offers are the candidates of this recall.
type offers struct {
	fresh, again []wire.Candidate // new to the thread; offered in it before
	chosen       string           // key of the song that was recognized, which leads whatever others say
	told         map[string]asTold
}

// asTold is a candidate as it was told last.
type asTold struct {
	candidate wire.Candidate
	revision  int
}

// offer tells the candidates that are new or have changed.
func (p *plan) offer(all []wire.Candidate) {
	p.offers.fresh, p.offers.again = p.known.split(all, p.keys)
	for i, c := range p.offers.fresh {
		was, told := p.offers.told[c.Key]
		if told && equal(was.candidate, c) {
			continue
		}
		if p.offers.told == nil {
			p.offers.told = map[string]asTold{}
		}
		p.offers.told[c.Key] = asTold{c, was.revision + 1}
		p.say(&wire.RecallCandidate{Candidate: c, Rank: i + 1, Revision: was.revision + 1})
	}
}

func equal(a, b wire.Candidate) bool {
	urls, sources := slices.Equal(a.SourceURLs, b.SourceURLs), slices.Equal(a.Sources, b.Sources)
	a.SourceURLs, a.Sources, b.SourceURLs, b.Sources = nil, nil, nil, nil
	return urls && sources && a.Key == b.Key && a.Title == b.Title && a.Artist == b.Artist && a.Album == b.Album && a.Year == b.Year && a.ISRC == b.ISRC &&
		a.Confidence == b.Confidence && a.Reason == b.Reason && a.Background == b.Background && a.LyricSnippet == b.LyricSnippet
}

// question is the first one of the sources' that has not been asked yet.
func (p *plan) question() string {
	for _, f := range p.asked {
		if f.FollowUp != "" && !contains(p.known.Asked, f.FollowUp) {
			return f.FollowUp
		}
	}
	return ""
}

func contains(asked []string, q string) bool {
	return slices.ContainsFunc(asked, func(a string) bool { return Fold(a) == Fold(q) })
}
