package recall

import (
	"strings"
	"testing"

	"recall/wire"
)

func TestMeaningOfASong(t *testing.T) {
	t.Parallel()
	known := song("Rain", 0.9, "catalog")
	known.Artist, known.Background = "Mira", "A farewell in the rain."
	sung := func(title, artist string) *wire.Posting {
		p := gave(title, 0.9, "")
		p.SongArtist, p.Candidate.Artist = artist, artist
		return p
	}
	before := []*wire.Posting{said("a slow song"), sung("Rain", "Mira"), gave("Second", 0.62, "")}
	explain := says(wire.ResponseAnswer, 0.9, "It is a farewell.")
	for name, c := range map[string]struct {
		job          Job
		services     outside
		title, words string // that the model was told; "-" it was not asked
		answer, lack string
	}{
		"the best song of the thread":   {job("what is this song about", before...), outside{lyrics: "la", draft: explain}, "Rain", "la", "It is a farewell.", ""},
		"the confirmed one":             {job("what is it about", append([]*wire.Posting{gave("Yes", 0.3, wire.Confirmed)}, gave("Best", 0.9, ""))...), outside{lyrics: "la", draft: explain}, "Yes", "la", "It is a farewell.", ""},
		"the newer one":                 {job("what is it about", gave("Yes", 0.3, wire.Confirmed), said("another one"), gave("Best", 0.9, "")), outside{lyrics: "la", draft: explain}, "Best", "la", "It is a farewell.", ""},
		"not the rejected one":          {job("what is it about", gave("Left", 0.4, ""), gave("No", 0.9, wire.Rejected)), outside{lyrics: "la", draft: explain}, "Left", "la", "It is a farewell.", ""},
		"the one that is named":         {job("what is “Halo” by Beyoncé about", before...), outside{lyrics: "la", draft: explain}, "Halo", "la", "It is a farewell.", ""},
		"named, artist by catalogue":    {job("what is Rain about"), outside{lyrics: "la", draft: explain, sources: []Finding{{Candidates: some(known)}}}, "Rain", "la", "It is a farewell.", ""},
		"in Spanish":                    {job("¿De qué trata esta canción?", before...), outside{lyrics: "la", draft: explain}, "Rain", "la", "It is a farewell.", ""},
		"nobody knows by whom":          {job("what is Rain about"), outside{lyrics: "la", draft: explain}, "Rain", "", "It is a farewell.", ""},
		"lyrics are not known":          {job("what is it about", before...), outside{lyrics: "", draft: explain}, "Rain", "", "It is a farewell.", ""},
		"lyrics fail":                   {job("what is it about", before...), outside{lyrics: errDown, draft: explain}, "Rain", "", "It is a farewell.", "lyrics:unavailable"},
		"no lyrics at all":              {job("what is it about", before...), outside{draft: explain}, "Rain", "", "It is a farewell.", ""},
		"the model fails":               {job("what is it about", before...), outside{lyrics: "la", draft: errLate, sources: []Finding{{Candidates: some(known)}}}, "Rain", "la", "“Rain” by Mira: A farewell in the rain.", "gpt-4o:timeout"},
		"the model says nothing":        {job("what is it about", before...), outside{lyrics: "la", draft: Draft{}}, "Rain", "la", "I cannot say right now what “Rain” is about.", ""},
		"no model":                      {job("what is it about", before...), outside{sources: []Finding{{Candidates: some(known)}}}, "-", "", "“Rain” by Mira: A farewell in the rain.", ""},
		"neither model nor lyrics":      {job("what is it about", before...), outside{}, "-", "", "I do not know the words of “Rain”, so I cannot say what it is about.", ""},
		"the catalogue's namesake":      {job("what is it about", sung("Rain", "Others")), outside{sources: []Finding{{Candidates: some(known)}}}, "-", "", "I do not know the words of “Rain”, so I cannot say what it is about.", ""},
		"everything fails":              {job("what is it about", before...), outside{lyrics: errDown, draft: errDown, sources: catalogFinds, broken: errDown}, "Rain", "", "I do not know the words of “Rain”, so I cannot say what it is about.", "catalog:unavailable lyrics:unavailable gpt-4o:unavailable"},
		"a song spoken of by the model": {job("what is it about", said("who wrote Halo")), outside{draft: explain, sources: []Finding{{}}}, "", "", "It is a farewell.", ""},
	} {
		got := c.services.resolve(t, c.job)
		d := got.done
		if d.Answer == nil || d.Answer.Text != c.answer || d.Status != wire.StatusDone || d.ResponseType != wire.ResponseAnswer || len(d.Candidates) != 0 || d.ShouldAskCrowd || got.lacking() != c.lack {
			t.Errorf("%s: %s: %+v %+v", name, got, d, d.Answer)
		}
		if c.title == "-" {
			if strings.Contains(got.wanted(), "write") {
				t.Errorf("%s: asked %s", name, got.wanted())
			}
			continue
		}
		told := got.brief(t).Song
		if c.title == "" && told != nil || c.title != "" && (told == nil || told.Title != c.title || told.Lyrics != c.words) {
			t.Errorf("%s: the model is told of %+v", name, told)
		}
	}
}

// "Stand by Me" is a title, which only the catalogue can know.
func TestTitleWithAnArtistInIt(t *testing.T) {
	t.Parallel()
	stand := song("Stand by Me", 0.5, "catalog")
	stand.Artist = "Ben E. King"
	c := outside{sources: []Finding{{Candidates: some(song("Stand", 0.9), stand)}}, lyrics: "la", draft: says(wire.ResponseAnswer, 1, "Of staying.")}.resolve(t, job("what is Stand by Me about"))
	if told := c.brief(t).Song; told.Title != "Stand by Me" || told.Artist != "Ben E. King" {
		t.Errorf("%+v", told)
	}
}

func TestMeaningOfNoSong(t *testing.T) {
	t.Parallel()
	c := outside{lyrics: "la", draft: Draft{}, sources: catalogFinds}.resolve(t, job("what is this song about?"))
	if c.wanted() != "" || c.done.Status != wire.StatusNoMatch || !strings.HasPrefix(c.done.FollowUp, "Which song do you mean?") || c.done.ShouldAskCrowd {
		t.Errorf("%s, asked %s: %+v", c, c.wanted(), c.done)
	}
	// Spoken over music, it is the music that is meant.
	o := outside{heard: "what is this song about", wants: intends(wire.IntentBackground), ears: []ear{{"shazam", one("Hit", 0.9)}}}
	if c := o.resolve(t, voice()); len(c.done.Candidates) == 0 || c.done.Candidates[0].Title != "Hit" {
		t.Errorf("%s: %+v", c, c.done)
	}
}
