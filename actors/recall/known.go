package recall

import (
	"regexp"

	"recall/wire"
)

// PassedOver is the confidence below which a candidate counts as passed over
// once the search goes on (RECALL.md, step 6). Sure is the one from which a
// candidate is an answer.
const (
	PassedOver = 0.6
	Sure       = 0.7
)

// objection is how people say that the last guess was wrong and the search goes on.
var objection = regexp.MustCompile(`(?i)^\s*(no|nope|nah|not|neither|none|wrong|nein|non|ne|it'?s not|that'?s not|isn'?t)\b`)

// KnownFrom reads the last messages of a thread, oldest first: what was said in
// the search that text goes on with, and every song that was offered.
func KnownFrom(history []*wire.Posting, text string) Known {
	var k Known
	search := newSearch()
	for _, p := range history {
		switch p.Type {
		case wire.TypeCandidate:
			k.note(p)
			search.offered(p)
		case wire.TypeFollowUp:
			search.asked = append(search.asked, p.Text)
		case wire.TypeText, wire.TypeVoice, wire.TypeImage:
			search.heard(p.Text)
		default: // answers and states tell nothing of the song
		}
	}
	search.goesOnWith(text)
	k.Earlier, k.Asked = search.earlier, search.asked
	return k
}

// note files an offer: what the person rejected or passed over is not offered again.
func (k *Known) note(p *wire.Posting) {
	o := Offer{Title: p.SongTitle, Artist: p.SongArtist, Verdict: p.Verdict}
	if p.Confidence != nil { // rows of the earlier app may have no more than this
		o.Confidence = *p.Confidence
	}
	if p.Candidate != nil {
		o.Key, o.Confidence = p.Candidate.Key, p.Candidate.Confidence
	}
	if p.Verdict == wire.Rejected || p.Verdict == "" && o.Confidence < PassedOver {
		k.Avoid = append(k.Avoid, o)
		return
	}
	k.Given = append(k.Given, o)
}

// search is the stretch of a conversation that looks for one song.
type search struct {
	earlier, asked []string
	settled        bool // a song was confirmed, or sure and not rejected
}

func newSearch() *search { return &search{} }

func (s *search) offered(p *wire.Posting) {
	switch {
	case p.Verdict == wire.Confirmed:
		s.settled = true
	case p.Verdict == "" && p.Confidence != nil && *p.Confidence >= Sure:
		s.settled = true
	}
}

// heard adds the person's words; small talk belongs to no search.
func (s *search) heard(text string) {
	s.goesOnWith(text)
	if intent, _ := IntentOf(text); intent != wire.IntentConversation {
		s.earlier = append(s.earlier, text)
	}
}

// goesOnWith forgets a settled search, unless the words object to its result.
func (s *search) goesOnWith(text string) {
	if s.settled && !objection.MatchString(text) {
		*s = search{}
	}
	s.settled = false
}
