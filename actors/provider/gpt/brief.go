package gpt

import (
	"bytes"
	"encoding/json"

	"recall/actors/provider/fault"
	"recall/actors/recall"
	"recall/wire"
)

// How much of each a model is told: the newest of lists, the beginning of texts.
// They bound what a recall costs.
const (
	mostQuestion = 4000 // characters
	mostTurn     = 600
	mostLyrics   = 6000
	mostTurns    = 20 // entries
	mostEvidence = 12
	mostOffers   = 40
	mostAsked    = 20
)

// data is the one message of a brief. Its names are those of the prompts.
type data struct {
	Question     string     `json:"question"`
	Kind         string     `json:"kind,omitempty"`
	Conversation []line     `json:"conversation"`
	Earlier      []string   `json:"earlier,omitempty"`
	Evidence     []evidence `json:"evidence,omitempty"`
	Avoid        []offer    `json:"avoid,omitempty"`
	Given        []offer    `json:"given,omitempty"`
	Asked        []string   `json:"asked,omitempty"`
	Song         *song      `json:"song,omitempty"`
}

type line struct {
	From string `json:"from"`
	Text string `json:"text"`
}

type evidence struct {
	Title      string   `json:"title"`
	Artist     string   `json:"artist"`
	Album      string   `json:"album,omitempty"`
	Year       int      `json:"year,omitempty"`
	Confidence float64  `json:"confidence"`
	Sources    []string `json:"sources"`
	Reason     string   `json:"reason,omitempty"`
}

type offer struct {
	Title  string `json:"title"`
	Artist string `json:"artist"`
}

type song struct {
	Title  string `json:"title"`
	Artist string `json:"artist"`
	Lyrics string `json:"lyrics"`
}

// instructionOf is the prompt for a brief.
func instructionOf(b recall.Brief) string {
	if b.Song != nil {
		return promptMeaning
	}
	return promptAnswer
}

func dataOf(b recall.Brief) data {
	known := b.Query.Known
	d := data{
		Question:     clip(b.Query.Text, mostQuestion),
		Conversation: each(newest(b.History, mostTurns), lineOf),
		Asked:        each(newest(known.Asked, mostAsked), turnText),
	}
	if b.Song != nil {
		d.Song = &song{b.Song.Title, b.Song.Artist, clip(b.Song.Lyrics, mostLyrics)}
		return d
	}
	d.Kind = kindOf(b.Intent)
	d.Earlier = each(newest(known.Earlier, mostTurns), turnText)
	d.Evidence = each(b.Found[:min(len(b.Found), mostEvidence)], evidenceOf)
	d.Avoid = each(newest(known.Avoid, mostOffers), offerOf)
	d.Given = each(newest(known.Given, mostOffers), offerOf)
	return d
}

// kindOf says what is expected: whatever is not a question about music is a search,
// a hum with its guesses as well as a line of lyrics.
func kindOf(i wire.Intent) string {
	switch i {
	case wire.IntentInformation, wire.IntentConversation, wire.IntentGenerateSong:
		return string(wire.IntentInformation)
	default:
		return string(wire.IntentFindSong)
	}
}

func lineOf(t recall.Turn) line {
	if t.User {
		return line{"person", turnText(t.Text)}
	}
	return line{"recall", turnText(t.Text)}
}

func evidenceOf(c wire.Candidate) evidence {
	return evidence{c.Title, c.Artist, c.Album, c.Year, c.Confidence, c.Sources, turnText(c.Reason)}
}

func offerOf(o recall.Offer) offer { return offer{o.Title, o.Artist} }

func turnText(s string) string { return clip(s, mostTurn) }

func each[A, B any](list []A, of func(A) B) []B {
	out := make([]B, 0, len(list))
	for _, v := range list {
		out = append(out, of(v))
	}
	return out
}

func newest[A any](list []A, most int) []A { return list[max(0, len(list)-most):] }

// clip is the beginning of s, at most n characters.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// asData writes v as JSON whose letters stand for themselves, which costs fewer
// tokens.
func asData(v any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "", fault.New(fault.BadInput, "what is known cannot be written: %w", err)
	}
	return b.String(), nil
}
