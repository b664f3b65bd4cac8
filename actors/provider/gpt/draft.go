package gpt

import (
	"encoding/json"
	"slices"
	"strings"

	"recall/actors/provider/fault"
	"recall/actors/recall"
	"recall/wire"
)

const mostRelated = 3

// draft is the writer's answer as the schema has it.
type draft struct {
	ResponseType *wire.ResponseType `json:"response_type"`
	Candidates   []candidate        `json:"candidates"`
	Answer       *answer            `json:"answer"`
	FollowUp     string             `json:"follow_up"`
	AskCrowd     bool               `json:"should_ask_crowd"`
	CrowdPrompt  string             `json:"crowd_prompt"`
	Confidence   float64            `json:"overall_confidence"`
}

type answer struct {
	Text         string         `json:"text"`
	Sources      []string       `json:"sources"`
	RelatedSongs []wire.Related `json:"related_songs"`
}

// decode reads the whole answer. What has not the agreed form is a fault of the
// service; what has it is made to keep the rules of b.
func decode(text string, b recall.Brief) (recall.Draft, error) {
	var d draft
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		return recall.Draft{}, fault.New(fault.Unavailable, "the answer is not in the agreed form: %w", err)
	}
	if d.ResponseType == nil {
		return recall.Draft{}, fault.New(fault.Unavailable, "the answer has no response_type")
	}
	out := recall.Draft{
		Type:        *d.ResponseType,
		Confidence:  share(d.Confidence),
		Candidates:  newPicker(b).all(d.Candidates),
		Answer:      d.Answer.told(newWording(b.Song)),
		FollowUp:    fresh(d.FollowUp, b.Query.Known.Asked),
		AskCrowd:    d.AskCrowd,
		CrowdPrompt: tidy(d.CrowdPrompt, longestRemark),
	}
	if b.Song != nil {
		out.FollowUp = newQuoteGuard(b.Song).pass(out.FollowUp)
		out.AskCrowd, out.CrowdPrompt = false, ""
	}
	out.Type = typeOf(out)
	return out, nil
}

// told is the answer for people, nil when it says nothing. Its text is what was told
// of it on the way.
func (a *answer) told(words *wording) *wire.Answer {
	if a == nil || strings.TrimSpace(plain(a.Text)) == "" {
		return nil
	}
	return &wire.Answer{Text: words.pass(a.Text), Sources: links(a.Sources), RelatedSongs: related(a.RelatedSongs)}
}

func related(list []wire.Related) []wire.Related {
	out := []wire.Related{}
	for _, r := range list {
		r.Title, r.Artist = tidy(r.Title, longestName), tidy(r.Artist, longestName)
		if r.Title != "" && len(out) < mostRelated {
			out = append(out, r)
		}
	}
	return out
}

// typeOf is what the draft is by what it holds, where that and what it says of itself
// do not fit.
func typeOf(d recall.Draft) wire.ResponseType {
	switch {
	case d.Answer == nil:
		return wire.ResponseSearch
	case len(d.Candidates) == 0:
		return wire.ResponseAnswer
	case d.Type == wire.ResponseAnswer: // the songs are what the answer speaks of
		return wire.ResponseAnswer
	default:
		return wire.ResponseBoth
	}
}

// fresh is the question, unless it was asked before.
func fresh(question string, asked []string) string {
	question = tidy(question, longestRemark)
	again := slices.ContainsFunc(asked, func(a string) bool { return recall.Fold(a) == recall.Fold(question) })
	if again {
		return ""
	}
	return question
}
