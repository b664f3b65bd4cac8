package persistence

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"recall/wire"
)

// synthetic makes songs and questions out of the starter's words, each as
// frequent as it is there, so that indexes have the work that real text gives
// them. The same seed makes the same songs.
type synthetic struct {
	rand  *rand.Rand
	names []string // words of titles
	words []string // words of everything
}

func newSynthetic(t testing.TB) *synthetic {
	t.Helper()
	s := &synthetic{rand: rand.New(rand.NewPCG(1, 2))}
	for _, r := range starterRows(t) {
		s.names = append(s.names, strings.Fields(r.Title)...)
		s.words = append(s.words, strings.Fields(r.Title+" "+r.Phrase+" "+r.Description)...)
	}
	return s
}

func (s *synthetic) pick(from []string, n int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = from[s.rand.IntN(len(from))]
	}
	return strings.Join(out, " ")
}

// song is the i-th; its artist and ISRC are its own.
func (s *synthetic) song(i int) wire.Song {
	return wire.Song{
		Title:       s.pick(s.names, 1+s.rand.IntN(4)),
		Artist:      fmt.Sprintf("%s %s%d", s.pick(s.names, 1), s.syllables(2), i),
		Album:       s.pick(s.names, 2),
		Year:        1950 + i%76,
		Genre:       []string{"pop", "rock", "soul", "disco", "folk"}[i%5],
		Mood:        []string{"wistful"},
		Tempo:       tempos[1+i%3],
		Language:    "en",
		ISRC:        fmt.Sprintf("ZZTST%07d", i),
		Themes:      []string{s.pick(s.words, 1), s.pick(s.words, 2)},
		Description: s.pick(s.words, 35),
		Phrase:      s.pick(s.words, 5),
		Popularity:  i % 101,
	}
}

func (s *synthetic) syllables(n int) (word string) {
	for range n {
		word += string("bdfgklmnprstvz"[s.rand.IntN(14)]) + string("aeiou"[s.rand.IntN(5)])
	}
	return word
}

// question is what a person might ask who half remembers the song: some words
// of the title, one of them misspelt, and some of what it is about.
func (s *synthetic) question(song wire.Song) string {
	title := []byte(song.Title)
	if len(title) > 4 {
		i := 1 + s.rand.IntN(len(title)-2)
		title[i], title[i+1] = title[i+1], title[i]
	}
	about := strings.Fields(song.Description)
	from := s.rand.IntN(len(about) - 6)
	return fmt.Sprintf("what is that %s song that goes %s with %s", song.Genre, title, strings.Join(about[from:from+6], " "))
}

func (s *synthetic) file(n int) []byte {
	var file bytes.Buffer
	out := json.NewEncoder(&file)
	for i := range n {
		_ = out.Encode(s.song(i)) // into memory: cannot fail
	}
	return file.Bytes()
}

func syntheticSongs(t testing.TB, n int) string { return string(newSynthetic(t).file(n)) }
