package catalogtest

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"recall/wire"
)

// Queries makes n different descriptions of songs as a person might give them:
// some words of the song, some of anything, an era that may be wrong by a few
// years, typing errors, and what people say around it. songs must not be empty.
func Queries(songs []wire.Song, n int, seed uint64) []string {
	q := querist{rand.New(rand.NewPCG(seed, 0xa5c))}
	seen, list := map[string]bool{}, make([]string, 0, n)
	for len(list) < n {
		text := q.query(&songs[q.IntN(len(songs))])
		if !seen[text] {
			seen[text] = true
			list = append(list, text)
		}
	}
	return list
}

type querist struct{ *rand.Rand }

func (q querist) query(s *wire.Song) string {
	text := q.pick(openings) + " " + q.body(s)
	if q.IntN(3) == 0 {
		text += q.era(s.Year)
	}
	if q.IntN(4) == 0 {
		text += ", " + s.Genre + " I think"
	}
	if q.IntN(4) == 0 {
		text = q.typo(text)
	}
	return strings.TrimSpace(text)
}

func (q querist) body(s *wire.Song) string {
	switch q.IntN(6) {
	case 0:
		return s.Title
	case 1:
		return s.Title + " by " + s.Artist
	case 2:
		return fmt.Sprintf("“%s”", s.Phrase)
	}
	return q.words(s.Description, 4+q.IntN(6)) + " about " + q.pick(s.Themes)
}

func (q querist) words(text string, n int) string {
	words := strings.Fields(strings.ReplaceAll(text, ".", ""))
	from := q.IntN(max(1, len(words)-n))
	return strings.Join(words[from:min(len(words), from+n)], " ")
}

func (q querist) era(year int) string {
	year += q.IntN(7) - 3
	switch q.IntN(3) {
	case 0:
		return fmt.Sprintf(" from around %d", year)
	case 1:
		return fmt.Sprintf(" from the late %d0s", year/10)
	}
	return fmt.Sprintf(" from the %d0s", year/10)
}

// typo swaps two neighbouring letters.
func (q querist) typo(text string) string {
	b := []byte(text)
	if i := q.IntN(max(1, len(b)-1)); i+1 < len(b) && b[i] < 0x80 && b[i+1] < 0x80 {
		b[i], b[i+1] = b[i+1], b[i]
	}
	return string(b)
}

func (q querist) pick(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[q.IntN(len(list))]
}

var openings = []string{
	"", "", "what's that song", "what is the song that goes", "I think it's a song with", "do you know the one", "a woman sings",
	"a man with a deep voice sings", "maybe a", "song with", "there was this video with", "trying to find a track,",
}
