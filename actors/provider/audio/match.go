package audio

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"recall/actors/recall"
	"recall/wire"
)

// Match is a song as a recognizer names it.
type Match struct {
	Title, Artist, Album string
	Released             string // a date or a year
	ISRC                 string
	Confidence           float64
	Reason, Background   string
	Links                []string // those that are not https are left out
}

// Candidate is the match in our words, found by source; false when it names no song.
func (m Match) Candidate(source string) (wire.Candidate, bool) {
	title, artist, isrc := line(m.Title), line(m.Artist), line(m.ISRC)
	key := recall.SongKey(isrc, title, artist)
	return wire.Candidate{
		Key: key, Title: title, Artist: artist,
		Album: line(m.Album), Year: year(m.Released), ISRC: isrc,
		Confidence: min(max(m.Confidence, 0), 1), Reason: m.Reason, Background: line(m.Background),
		SourceURLs: links(m.Links), Sources: []string{source},
	}, title != "" && key != ""
}

// longestLine bounds a name in an answer, in characters.
const longestLine = 300

// line is text without what has no place in a name or a database.
func line(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return ' '
		}
		return r
	}, text)
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) > longestLine {
		text = strings.TrimSpace(string([]rune(text)[:longestLine]))
	}
	return text
}

// year is the first four digits of a date, 0 when there is none.
func year(date string) int {
	date = strings.TrimSpace(date)
	y, err := strconv.Atoi(date[:min(4, len(date))])
	if err != nil || y < 1000 {
		return 0
	}
	return y
}

func links(all []string) []string {
	kept := []string{}
	for _, l := range all {
		if strings.HasPrefix(l, "https://") && line(l) == l && !strings.Contains(l, " ") {
			kept = append(kept, l)
		}
	}
	return kept
}
