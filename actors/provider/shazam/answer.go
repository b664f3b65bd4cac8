package shazam

import (
	"encoding/json"
	"errors"
	"math"
	"strings"

	"recall/actors/provider/audio"
	"recall/actors/provider/fault"
	"recall/actors/provider/rest"
	"recall/wire"
)

// The answer has no confidence, so that these are ours. A fingerprint that matches
// is hardly ever wrong, which is enough to answer at once (0.7); it is not 1,
// because a cover or another edition may share the passage. When the passage had to
// be bent, the song was played at another speed or pitch, or it is another one.
const (
	sure   = 0.9
	unsure = 0.75
)

// mostSkew is how far time and frequency are bent at most in a sure match: 1 %, a
// sixth of a semitone. True matches are bent by less than a thousandth.
const mostSkew = 0.01

// answer is what we read of the service's JSON (PROVIDERS.md, B5.3).
type answer struct {
	Matches *[]hit `json:"matches"`
	Track   *track `json:"track"`
	TagID   string `json:"tagid"`
	Message string `json:"message"` // the gateway's, in place of an answer
}

type hit struct {
	TimeSkew      float64 `json:"timeskew"`
	FrequencySkew float64 `json:"frequencyskew"`
}

type track struct {
	Key      string `json:"key"`
	Title    string `json:"title"`
	Subtitle string `json:"subtitle"`
	ISRC     string `json:"isrc"`
	URL      string `json:"url"`
	Genres   struct {
		Primary string `json:"primary"`
	} `json:"genres"`
	Share struct {
		Href string `json:"href"`
	} `json:"share"`
	Sections []struct {
		Metadata []struct {
			Title string `json:"title"`
			Text  string `json:"text"`
		} `json:"metadata"`
	} `json:"sections"`
}

// decode reads a body. A field of an unexpected type is as good as absent.
func decode(body []byte) ([]wire.Candidate, error) {
	var a answer
	err := json.Unmarshal(body, &a)
	if err != nil && !errors.As(err, new(*json.UnmarshalTypeError)) || a.foreign() {
		return nil, fault.New(fault.Unavailable, "no answer of the service: %s", rest.Quote(body))
	}
	if a.Track == nil || a.Matches != nil && len(*a.Matches) == 0 {
		return nil, nil
	}
	c, ok := audio.Match{
		Title: a.Track.Title, Artist: a.Track.Subtitle, Album: a.Track.fact("Album"), Released: a.Track.fact("Released"),
		ISRC: a.Track.ISRC, Confidence: a.confidence(), Reason: "The sound of the recording matches.",
		Background: genre(a.Track.Genres.Primary), Links: a.Track.links(),
	}.Candidate(name)
	if !ok {
		return nil, nil
	}
	return []wire.Candidate{c}, nil
}

// foreign is true of JSON that has nothing of an answer: every one has the list of
// matches, though it may be empty, or at least names itself.
func (a *answer) foreign() bool {
	return a.Matches == nil && a.Track == nil && a.TagID == ""
}

// confidence looks at the straightest of the matches.
func (a *answer) confidence() float64 {
	if a.Matches == nil {
		return sure // an interface that does not tell them
	}
	for _, h := range *a.Matches {
		if math.Abs(h.TimeSkew) <= mostSkew && math.Abs(h.FrequencySkew) <= mostSkew {
			return sure
		}
	}
	return unsure
}

// fact is one of those that are only there to be shown.
func (t *track) fact(title string) string {
	for _, s := range t.Sections {
		for _, m := range s.Metadata {
			if strings.EqualFold(m.Title, title) {
				return m.Text
			}
		}
	}
	return ""
}

// links is the song's page.
func (t *track) links() []string {
	if t.Share.Href != "" {
		return []string{t.Share.Href}
	}
	return []string{t.URL}
}

// genre says it as a sentence, which stands behind others.
func genre(name string) string {
	if name == "" {
		return ""
	}
	return "Genre: " + name + "."
}
