package catalog

import (
	"context"
	"testing"

	"recall/actors/recall"
	"recall/wire"
)

// someSongs is a small catalogue whose answers can be foreseen.
func someSongs() []wire.Song {
	return []wire.Song{
		{ID: 1, Title: "Lantern Street", Artist: "The Paper Kites", Year: 1984, Genre: "synth-pop", Mood: []string{"wistful"}, Tempo: "fast", Language: "en",
			Themes: []string{"falsetto", "night walk"}, Description: "A man sings in falsetto over synthesizers about walking home at night.", Phrase: "light me home again tonight", Popularity: 60, Album: "Harbour"},
		{ID: 2, Title: "Falling Rain", Artist: "Mira Ostrow", Year: 1972, Genre: "folk", Mood: []string{"sad"}, Tempo: "slow", Language: "en",
			Themes: []string{"rain", "farewell"}, Description: "A woman says farewell to a sailor while it rains, with an acoustic guitar.", Phrase: "fall on me", Popularity: 40},
		{ID: 3, Title: "Pluie d'été", Artist: "Claire Aubert", Year: 1966, Genre: "chanson", Mood: []string{"sad"}, Tempo: "slow", Language: "fr",
			Themes: []string{"rain", "summer"}, Description: "A woman remembers summer rain in Paris, with strings.", Phrase: "la pluie", Popularity: 30},
		{ID: 4, Title: "I'm Not Your Sailor", Artist: "Kings of Brine", Year: 1995, Genre: "rock", Mood: []string{"angry"}, Tempo: "fast", Language: "en",
			Themes: []string{"sea", "guitar riff"}, Description: "A man shouts at the sea over a loud guitar riff.", Phrase: "not your sailor", Popularity: 50},
		{ID: 5, Title: "Money Machine", Artist: "DJ Brass", Year: 2004, Genre: "hip-hop", Mood: []string{"proud"}, Tempo: "medium", Language: "en",
			Themes: []string{"money", "brass"}, Description: "A rapper counts his cash over a brass sample.", Phrase: "count it up", Popularity: 70, ISRC: "ZZA000400001"},
		{ID: 6, Title: "さくらの歌", Artist: "Hana", Year: 2001, Genre: "j-pop", Mood: []string{"tender"}, Tempo: "slow", Language: "ja",
			Themes: []string{"cherry blossom"}, Description: "A woman sings softly of cherry blossom and school days, with a piano.", Phrase: "さくら", Popularity: 20},
		{ID: 7, Title: "Old Harbour Rain", Artist: "Tom Ellery", Year: 1994, Genre: "folk", Mood: []string{"sad"}, Tempo: "slow", Language: "en",
			Themes: []string{"rain", "harbour"}, Description: "A man says farewell to the harbour in the rain, with an acoustic guitar.", Phrase: "rain on the harbour", Popularity: 35},
	}
}

func someProvider(t *testing.T) Provider {
	t.Helper()
	x := New()
	x.Upsert(someSongs()...)
	return Provider{x}
}

func find(t *testing.T, p Provider, q recall.Query) recall.Finding {
	t.Helper()
	f, err := p.Find(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func ask(t *testing.T, p Provider, text string) recall.Finding {
	t.Helper()
	return find(t, p, recall.Query{Text: text})
}

// first is the title of the best candidate, "" without any.
func first(f recall.Finding) string {
	if len(f.Candidates) == 0 {
		return ""
	}
	return f.Candidates[0].Title
}

// placeOf is where a title stands among the candidates, -1 when nowhere.
func placeOf(f recall.Finding, title string) int {
	for i, c := range f.Candidates {
		if c.Title == title {
			return i
		}
	}
	return -1
}
