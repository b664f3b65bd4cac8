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

var (
	// objection is how people say that the last guess was wrong and the search goes on.
	objection = regexp.MustCompile(`(?i)^\s*(no|nope|nah|not|neither|none|wrong|nein|non|ne|it'?s not|that'?s not|isn'?t)\b`)
	// refusal says so of a guess that was not sure, after which "no" alone would answer
	// the question that came with it; refusalOfAll says it of every guess.
	refusal      = regexp.MustCompile(`(?i)\b(not|isn'?t|wasn'?t) (it|(that|this)( one| song)?)\s*($|[.,;!])|\bwrong (one|song)\b`)
	refusalOfAll = regexp.MustCompile(`(?i)\b(none|neither|not any) of (these|those|them|the)\b`)
)

// KnownFrom reads the last messages of a thread, oldest first: what was said in
// the search that text goes on with, and every song that was offered.
func KnownFrom(history []*wire.Posting, text string) Known {
	var all offered
	search := newSearch()
	for _, p := range history {
		switch p.Type {
		case wire.TypeCandidate:
			all.add(p)
			search.offered(p)
		case wire.TypeFollowUp:
			search.asked, search.pending = append(search.asked, p.Text), true
		case wire.TypeText, wire.TypeVoice, wire.TypeImage:
			all.judge(p.Text, search.settled)
			search.heard(Words(p.Text))
		default: // answers and states tell nothing of the song
		}
	}
	all.judge(text, search.settled)
	search.goesOnWith(text)
	k := all.known()
	k.Earlier, k.Asked = search.earlier, search.asked
	return k
}

// search is the stretch of a conversation that looks for one song.
type search struct {
	earlier, asked []string
	pending        bool // our last question has not been answered
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

// heard adds the person's words. Small talk belongs to no search, unless it
// answers a question, and what a song means is asked beside the search.
func (s *search) heard(text string) {
	pending := s.pending
	s.pending = false
	if _, meaning := meaningOf(text); meaning || text == "" {
		return
	}
	intent, _ := IntentOf(text)
	if intent == wire.IntentConversation && !(pending && affirmed.MatchString(text)) {
		return
	}
	s.goesOnWith(text)
	s.earlier = append(s.earlier, text)
}

// goesOnWith forgets a settled search, unless the words object to its result.
func (s *search) goesOnWith(text string) {
	if s.settled && !objection.MatchString(text) {
		*s = search{}
	}
	s.settled = false
}
