package catalogtest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"recall/wire"
)

// Generate makes n invented songs with ids 1 to n. The same seed makes the
// same songs, and the first songs of a longer catalogue are those of a shorter.
func Generate(n int, seed uint64) []wire.Song {
	g := newGenerator(seed)
	songs := make([]wire.Song, n)
	for i := range songs {
		songs[i] = g.song(int64(i + 1))
	}
	return songs
}

// Mixed is the known songs (say, the starter catalogue) with new ids 1 to
// len(known), followed by invented ones up to n in all.
func Mixed(known []wire.Song, n int, seed uint64) []wire.Song {
	songs := append([]wire.Song(nil), known...)
	songs = append(songs, Generate(max(0, n-len(known)), seed)...)
	for i := range songs {
		songs[i].ID = int64(i + 1)
	}
	return songs
}

type generator struct {
	*rand.Rand
	artists []string
}

const artistCount = 20_000

func newGenerator(seed uint64) *generator {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 0x5eed))}
	for range artistCount {
		g.artists = append(g.artists, g.artist())
	}
	return g
}

func (g *generator) song(id int64) wire.Song {
	s := wire.Song{
		ID: id, Title: g.title(), Artist: g.artists[g.zipf(len(g.artists))], Year: g.year(), Genre: genres[g.zipf(len(genres))],
		Mood: g.some(moods, 1+g.IntN(3)), Tempo: []string{"slow", "medium", "fast", "fast"}[g.IntN(4)],
		Language: languages[g.zipf(len(languages))], Themes: g.some(themes, 2+g.IntN(4)), Popularity: int(100 * math.Pow(g.Float64(), 3)),
	}
	if g.IntN(10) < 6 {
		s.Album = g.title()
	}
	if g.IntN(10) < 8 {
		s.ISRC = fmt.Sprintf("ZZ%03d%02d%05d", id/100_000%1000, s.Year%100, id%100_000)
	}
	s.Description = g.description()
	if s.Language != "zxx" {
		s.Phrase = g.phrase(s.Title)
	}
	return s
}

// zipf picks a place in a list of n: the k-th about 1/k as often as the first.
func (g *generator) zipf(n int) int {
	return int(math.Pow(float64(n)+1, g.Float64())) - 1
}

func (g *generator) year() int {
	return 2025 - int(70*math.Pow(g.Float64(), 1.5))
}

func (g *generator) title() string {
	words := make([]string, 1+g.IntN(4))
	for i := range words {
		if words[i] = titleWords[g.zipf(len(titleWords))]; g.IntN(5) == 0 {
			words[i] = g.invented(2 + g.IntN(2))
		}
	}
	if g.IntN(6) == 0 && len(words) > 1 {
		words[len(words)-2] = "the"
	}
	return capitalised(words)
}

func (g *generator) artist() string {
	switch g.IntN(5) {
	case 0:
		return "The " + capitalised([]string{titleWords[g.IntN(len(titleWords))] + "s"})
	case 1:
		return capitalised([]string{g.invented(3)})
	case 2:
		return capitalised([]string{titleWords[g.IntN(len(titleWords))], g.invented(2)})
	}
	return capitalised([]string{firstNames[g.IntN(len(firstNames))], g.invented(2 + g.IntN(2))})
}

func (g *generator) description() string {
	var b strings.Builder
	for range 1 + g.IntN(3) {
		for i, n := 0, 7+g.IntN(12); i < n; i++ {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(g.word(i))
		}
		b.WriteString(". ")
	}
	return strings.TrimSpace(b.String())
}

// word alternates grammar, plain words and now and then a rare one.
func (g *generator) word(i int) string {
	switch {
	case i%3 == 1:
		return grammarWords[g.zipf(len(grammarWords))]
	case g.IntN(12) == 0:
		return g.invented(2 + g.IntN(3))
	case g.IntN(8) == 0:
		return titleWords[g.IntN(len(titleWords))]
	}
	return plainWords[g.zipf(len(plainWords))]
}

func (g *generator) phrase(title string) string {
	words := strings.Fields(strings.ToLower(title))
	for len(words) < 4 {
		words = append(words, grammarWords[g.zipf(len(grammarWords))], titleWords[g.zipf(len(titleWords))])
	}
	return strings.Join(words[:min(8, len(words))], " ")
}

// invented is a pronounceable word that no dictionary has.
func (g *generator) invented(syllables int) string {
	var b strings.Builder
	for range syllables {
		b.WriteString(onsets[g.IntN(len(onsets))])
		b.WriteString(vowels[g.IntN(len(vowels))])
	}
	b.WriteString(codas[g.IntN(len(codas))])
	return b.String()
}

func (g *generator) some(list []string, n int) []string {
	picked := make([]string, 0, n)
	for len(picked) < n {
		if w := list[g.zipf(len(list))]; !contains(picked, w) {
			picked = append(picked, w)
		}
	}
	return picked
}

func contains(list []string, w string) bool {
	for _, have := range list {
		if have == w {
			return true
		}
	}
	return false
}

func capitalised(words []string) string {
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, " ")
}
