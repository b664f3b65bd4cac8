package recall

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"recall/wire"
)

func TestMeaningQuestions(t *testing.T) {
	t.Parallel()
	spoken, named := reference{}, func(title, artist string) reference { return reference{title: title, artist: artist} }
	for text, want := range map[string]reference{
		"What is this song about?":                              spoken,
		"what's it about":                                       spoken,
		"Thanks! What is it about?":                             spoken,
		"and what does this mean?":                              spoken,
		"do you know what the song is about":                    spoken,
		"what is she singing about?":                            spoken,
		"what do the lyrics mean":                               spoken,
		"¿De qué trata esta canción?":                           spoken,
		"y qué significa":                                       spoken,
		"de quoi parle cette chanson ?":                         spoken,
		"Worum geht es in dem Lied?":                            spoken,
		"Wovon handelt das Lied?":                               spoken,
		"di cosa parla questa canzone?":                         spoken,
		"do que fala essa música?":                              spoken,
		"О чём эта песня?":                                      spoken,
		"この曲は何について歌っていますか":                                      spoken,
		"What is Imagine about?":                                named("Imagine", ""),
		"what's “Imagine” about?!":                              named("Imagine", ""),
		"what's “Who Are You?” about":                           named("Who Are You?", ""),
		"what is the song Imagine about":                        named("Imagine", ""),
		"what is Imagine by John Lennon about":                  named("Imagine", "John Lennon"),
		"what is Stand by Me about":                             named("Stand", "Me"), // the catalogue knows better
		"what does Bohemian Rhapsody mean":                      named("Bohemian Rhapsody", ""),
		"what's Don't Stop Believin' about":                     named("Don't Stop Believin'", ""),
		"what is The Sound of Silence about":                    named("The Sound of Silence", ""),
		"what is Mr. Brightside about?":                         named("Mr. Brightside", ""),
		"the meaning of “Hallelujah” by Leonard Cohen":          named("Hallelujah", "Leonard Cohen"),
		"what is the meaning of the lyrics of Hotel California": named("Hotel California", ""),
		"Worum geht es in 99 Luftballons?":                      named("99 Luftballons", ""),
		"wovon handelt „Hurt“ von Johnny Cash":                  named("Hurt", "Johnny Cash"),
		"¿de qué trata «Despacito»?":                            named("Despacito", ""),
		"de quoi parle La Bohème ?":                             named("La Bohème", ""),
		"o que significa Garota de Ipanema":                     named("Garota de Ipanema", ""),
		"о чём «Кукушка»?":                                      named("Кукушка", ""),
	} {
		of, asked := meaningOf(text)
		r, ok := resolveName(of)
		if !asked || !ok || r.title != want.title || r.artist != want.artist {
			t.Errorf("%q: %q %v, %+v %v", text, of, asked, r, ok)
		}
	}
}

// To look for a song by what it is about is another thing.
func TestSearchesAreNoMeaningQuestions(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"what is this song that goes la la about love", "what is that song about a girl in the rain", "what's the one about the astronaut called",
		"what is that song with the saxophone about", "what is the song that my dad always sang about", "what do you mean", "name it, I don't know what it is about but it is slow",
		"a song about the meaning of life", "ein Lied, worum geht es da, um einen Vogel", "canción que habla de la lluvia", "песня о чём-то грустном", "",
	} {
		of, asked := meaningOf(text)
		if _, ok := resolveName(of); asked && ok {
			t.Errorf("%q is taken for a question about %q", text, of)
		}
	}
	file, err := os.Open("../provider/catalog/testdata/descriptions.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var d struct{ Query string }
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			t.Fatal(err)
		}
		if of, asked := meaningOf(d.Query); asked {
			t.Errorf("%q is taken for a question about %q", d.Query, of)
		}
		if intent, _ := IntentOf(d.Query); intent == wire.IntentConversation || intent == wire.IntentHumming || intent == wire.IntentBackground {
			t.Errorf("%q is taken for %s", d.Query, intent)
		}
	}
}
