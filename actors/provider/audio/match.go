package audio

import (
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"recall/actors/provider/fault"
	"recall/actors/provider/rest"
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

// Refused is the fault of a bad HTTP status as it is understood of any service; nil
// for 200. now is for dates in Retry-After.
func Refused(a *rest.Answer, now time.Time) error {
	class := fault.Unavailable // also what only a wrong address answers: 404, redirects
	switch a.Status {
	case http.StatusOK:
		return nil
	case http.StatusUnauthorized, http.StatusForbidden:
		class = fault.Auth
	case http.StatusTooManyRequests:
		class = fault.Throttled
	case http.StatusRequestTimeout:
		class = fault.Timeout
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity:
		class = fault.BadInput
	}
	f := fault.New(class, "HTTP %d: %s", a.Status, Quote(a.Body))
	if class == fault.Throttled {
		f.Wait = rest.Wait(a.Header, string(a.Body), now)
	}
	return f
}

// Quote is the beginning of a service's words, for the log.
func Quote(body []byte) string {
	const most = 200
	return strconv.Quote(strings.ToValidUTF8(string(body[:min(most, len(body))]), "?"))
}
