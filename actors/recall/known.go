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
	// the question that came with it; refusalOfAll says it of every guess; anew begins another search.
	refusal      = newRule("not|isn|wasn|wrong", `(?i)\b(not|isn'?t|wasn'?t) (it|(that|this)( one| song)?)\s*($|[.,;!])|\bwrong (one|song)\b`)
	anew         = regexp.MustCompile(`(?i)^` + gap + `((and|so|ok|okay|now|next|then|thanks|thank you|great|cool)` + gap + `)*(another|one more|a (different|new)|now) (one|song|tune|track|a)\b`)
	refusalOfAll = newRule("none|neither|not any", `(?i)\b(none|neither|not any) of (these|those|them|the)\b`)
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
		case wire.TypeAnswer:
			search.gave = true
		case wire.TypeFollowUp:
			search.asked, search.pending = append(search.asked, p.Text), true
		case wire.TypeText, wire.TypeVoice, wire.TypeImage:
			all.judge(p.Text, search.settled)
			search.heard(Words(p.Text))
		default: // states tell nothing of the song
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
	gave           bool // the last turn was answered, or offered a song
	settled        bool // a song was confirmed, or sure and none was rejected
	confirmed      bool // in the last turn
	refused        bool // a song was rejected in the last turn: the search goes on
}

func newSearch() *search { return &search{} }

func (s *search) offered(p *wire.Posting) {
	s.gave = true
	switch {
	case p.Verdict == wire.Confirmed:
		s.settled, s.confirmed = true, true
	case p.Verdict == wire.Rejected:
		s.settled, s.refused = s.confirmed, true
	case !s.refused && p.Confidence != nil && *p.Confidence >= Sure:
		s.settled = true
	}
}

// heard adds the person's words, unless they belong to no search.
func (s *search) heard(text string) {
	was := *s
	s.pending, s.gave, s.confirmed, s.refused = false, false, false, false
	if text == "" || len(text) <= longestQuestion && s.beside(text, was) {
		return
	}
	s.pending = was.pending
	s.goesOnWith(text)
	s.pending = false
	s.earlier = append(s.earlier, text)
}

// beside tells whether words are no part of the search: questions about the song that
// was found, and small talk that answers no question. Thanks for what we gave settle it.
func (s *search) beside(text string, was search) bool {
	intent, _ := IntentOf(text)
	if _, meaning := meaningOf(text); meaning || pointsBack(intent, text) {
		return true
	}
	if intent != wire.IntentConversation || was.pending && affirmed.MatchString(text) {
		return false
	}
	s.settled = s.settled || was.gave && !was.pending && courteous.MatchString(text)
	return true
}

// goesOnWith forgets a settled search, unless the words object to its result, and
// any search when the words begin another.
func (s *search) goesOnWith(text string) {
	if s.settled && !objection.MatchString(text) || !s.pending && anew.MatchString(text) {
		*s = search{}
	}
	s.settled = false
}
