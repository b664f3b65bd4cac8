package persistence

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"recall/wire"
)

// Bounds of a song's fields, in characters unless said otherwise. The CHECK
// constraints of table songs say the same.
const (
	maxSongName        = 250 // title, artist, album
	maxSongGenre       = 60
	maxSongMoods       = 16 // entries
	maxSongThemes      = 32 // entries
	maxSongListEntry   = 120
	maxSongDescription = 2000
	maxSongPhrase      = 160
	maxPhraseWords     = 8
	minSongYear        = 1000
	maxSongYear        = 2100
)

var tempos = []string{"", "slow", "medium", "fast"}

// HeaderField is the Field of a RowError about the header of a CSV file, which
// no SkipBad leaves out.
const HeaderField = "header"

// RowError is one row of a file that is not a song. Field is empty when the
// row could not be taken apart into fields at all.
type RowError struct {
	Line    int // where the row starts, from 1
	Field   string
	Problem string
}

func (e *RowError) Error() string {
	if e.Field == "" {
		return fmt.Sprintf("line %d: %s", e.Line, e.Problem)
	}
	return fmt.Sprintf("line %d: %s: %s", e.Line, e.Field, e.Problem)
}

func badField(field, format string, args ...any) *RowError {
	return &RowError{Field: field, Problem: fmt.Sprintf(format, args...)}
}

// songRow is a song as a file gives it.
type songRow struct {
	wire.Song
	Popularity *int `json:"popularity"` // nil when the file does not say
}

// check normalizes the row in place (space at the ends, composed Unicode, the
// usual spelling of codes) and returns what is wrong with it, or nil.
func (r *songRow) check() *RowError {
	s := &r.Song
	for _, c := range []func() *RowError{
		func() *RowError { return checkName("title", &s.Title) },
		func() *RowError { return checkName("artist", &s.Artist) },
		func() *RowError { return checkText("album", &s.Album, maxSongName) },
		func() *RowError { return checkRange("year", s.Year, minSongYear, maxSongYear, s.Year == 0) },
		func() *RowError { return checkText("genre", &s.Genre, maxSongGenre) },
		func() *RowError { return checkList("mood", &s.Mood, maxSongMoods) },
		func() *RowError { return checkTempo(&s.Tempo) },
		func() *RowError { return checkLanguage(&s.Language) },
		func() *RowError { return checkISRC(&s.ISRC) },
		func() *RowError { return checkList("themes", &s.Themes, maxSongThemes) },
		func() *RowError { return checkText("description", &s.Description, maxSongDescription) },
		func() *RowError { return checkPhrase(&s.Phrase) },
		r.checkPopularity,
	} {
		if bad := c(); bad != nil {
			return bad
		}
	}
	return nil
}

func (r *songRow) checkPopularity() *RowError {
	if r.Popularity == nil {
		return nil
	}
	return checkRange("popularity", *r.Popularity, 0, 100, false)
}

func checkName(field string, s *string) *RowError {
	if bad := checkText(field, s, maxSongName); bad != nil {
		return bad
	}
	if *s == "" {
		return badField(field, "is required")
	}
	return nil
}

func checkText(field string, s *string, most int) *RowError {
	if !utf8.ValidString(*s) {
		return badField(field, "is not valid UTF-8")
	}
	if strings.IndexByte(*s, 0) >= 0 {
		return badField(field, "contains a NUL character")
	}
	*s = norm.NFC.String(strings.TrimSpace(*s))
	if n := utf8.RuneCountInString(*s); n > most {
		return badField(field, "has %d characters, the most is %d", n, most)
	}
	return nil
}

func checkList(field string, list *[]string, most int) *RowError {
	for i := range *list {
		if bad := checkText(field, &(*list)[i], maxSongListEntry); bad != nil {
			return bad
		}
	}
	*list = slices.DeleteFunc(*list, func(s string) bool { return s == "" })
	if n := len(*list); n > most {
		return badField(field, "has %d entries, the most is %d", n, most)
	}
	return nil
}

func checkRange(field string, n, least, most int, unknown bool) *RowError {
	if !unknown && (n < least || n > most) {
		return badField(field, "%d is not between %d and %d", n, least, most)
	}
	return nil
}

func checkPhrase(s *string) *RowError {
	if bad := checkText("phrase", s, maxSongPhrase); bad != nil {
		return bad
	}
	if n := len(strings.Fields(*s)); n > maxPhraseWords {
		return badField("phrase", "has %d words, the most is %d", n, maxPhraseWords)
	}
	return nil
}
