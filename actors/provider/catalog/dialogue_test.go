package catalog

import (
	"testing"

	"recall/actors/recall"
	"recall/wire"
)

// TestOneQuestionHelps plays the person: of descriptions that do not find
// their song at once, our question is answered truthfully, and more of the
// songs must stand first, or at all, than before.
func TestOneQuestionHelps(t *testing.T) {
	t.Parallel()
	songs := starterSongs(t)
	x := New()
	x.Upsert(songs...)
	asked, better, worse := 0, 0, 0
	for _, d := range append(descriptions(t, songs), tooShort(songs)...) {
		if d.Title == "" {
			continue
		}
		// Words of the song would give it away: let that question be used up.
		before := find(t, Provider{x}, recall.Query{Text: d.Query, Known: recall.Known{Asked: []string{"Any words?"}}})
		if before.FollowUp == "" || first(before) == d.Title {
			continue
		}
		known := recall.Known{Earlier: []string{d.Query}, Asked: []string{"Any words?", before.FollowUp}}
		after := find(t, Provider{x}, recall.Query{Text: answerFor(songOfTitle(songs, d), before.FollowUp), Known: known})
		asked++
		switch a, b := rankIn(before, d.Title), rankIn(after, d.Title); {
		case b < a:
			better++
		case b > a:
			worse++
		}
	}
	t.Logf("%d questions: %d songs came nearer, %d went further away", asked, better, worse)
	if asked > 0 && better <= 2*worse {
		t.Error("questions do not help")
	}
}

// tooShort are descriptions that fit several songs: two themes of a song.
func tooShort(songs []wire.Song) []description {
	var list []description
	for i, s := range songs {
		if i%5 == 0 && len(s.Themes) > 1 {
			list = append(list, description{Query: "a song about " + s.Themes[len(s.Themes)-1], Title: s.Title, Artist: s.Artist})
		}
	}
	return list
}

// rankIn is the place of title, one more than the limit when it is missing.
func rankIn(f recall.Finding, title string) int {
	if at := placeOf(f, title); at >= 0 {
		return at
	}
	return defaultLimit
}

func songOfTitle(songs []wire.Song, d description) wire.Song {
	for _, s := range songs {
		if recall.TitleKey(s.Title, s.Artist) == recall.TitleKey(d.Title, d.Artist) {
			return s
		}
	}
	return wire.Song{}
}

// answerFor is what somebody who knows s says to question.
func answerFor(s wire.Song, question string) string {
	r := &ranked{song: s, fact: buildSegment([]wire.Song{{Description: s.Description}}).facts[0]}
	for i := range topics {
		t := &topics[i]
		if !askedTopics([]string{question})[t.name] {
			continue
		}
		if t.name == "words" && s.Phrase != "" {
			return s.Phrase
		}
		if t.of != nil && t.of(r) != "" {
			return t.of(r)
		}
	}
	return "no idea"
}
