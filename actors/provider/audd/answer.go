package audd

import (
	"cmp"
	"encoding/json"
	"errors"

	"recall/actors/provider/audio"
	"recall/actors/provider/fault"
	"recall/actors/provider/rest"
	"recall/wire"
)

// confidence of a match. The answer has none, so that it is ours: enough to answer
// at once (0.7), and a little below Shazam's, because this service also matches
// covers and does not tell how well.
const confidence = 0.85

// classes of error codes. What is not listed is unavailable.
var classes = map[int]fault.Class{
	300: fault.BadInput, // no fingerprint
	400: fault.BadInput, // too big
	500: fault.BadInput, // bad file
	600: fault.BadInput, // bad address of a file
	700: fault.BadInput, // no file
	900: fault.Auth,     // wrong token
	901: fault.Quota,    // limit reached
}

// answer is what we read of the service's JSON.
type answer struct {
	Status string  `json:"status"`
	Result *result `json:"result"`
	Error  struct {
		Code    int    `json:"error_code"`
		Message string `json:"error_message"`
	} `json:"error"`
}

type result struct {
	Artist      string `json:"artist"`
	Title       string `json:"title"`
	Album       string `json:"album"`
	ReleaseDate string `json:"release_date"`
	SongLink    string `json:"song_link"`
	ISRC        string `json:"isrc"`
	Apple       struct {
		URL  string `json:"url"`
		ISRC string `json:"isrc"`
	} `json:"apple_music"`
	Spotify struct {
		URLs struct {
			Spotify string `json:"spotify"`
		} `json:"external_urls"`
		IDs struct {
			ISRC string `json:"isrc"`
		} `json:"external_ids"`
	} `json:"spotify"`
	Deezer struct {
		Link string `json:"link"`
		ISRC string `json:"isrc"`
	} `json:"deezer"`
}

// decode reads a body. A field of an unexpected type is as good as absent.
func decode(body []byte) ([]wire.Candidate, error) {
	var a answer
	err := json.Unmarshal(body, &a)
	if err != nil && !errors.As(err, new(*json.UnmarshalTypeError)) {
		return nil, fault.New(fault.Unavailable, "not JSON: %s", rest.Quote(body))
	}
	switch a.Status {
	case "success":
		return a.Result.candidates(), nil
	case "error":
		return nil, fault.New(cmp.Or(classes[a.Error.Code], fault.Unavailable), "code %d: %s", a.Error.Code, rest.Quote([]byte(a.Error.Message)))
	default:
		return nil, fault.New(fault.Unavailable, "no status: %s", rest.Quote(body))
	}
}

// candidates are none for no result.
func (r *result) candidates() []wire.Candidate {
	if r == nil {
		return nil
	}
	c, ok := audio.Match{
		Title: r.Title, Artist: r.Artist, Album: r.Album, Released: r.ReleaseDate,
		ISRC:       cmp.Or(r.ISRC, r.Spotify.IDs.ISRC, r.Apple.ISRC, r.Deezer.ISRC),
		Confidence: confidence, Reason: "The sound of the recording matches.",
		Links: []string{r.SongLink, r.Spotify.URLs.Spotify, r.Apple.URL, r.Deezer.Link},
	}.Candidate(name)
	if !ok {
		return nil
	}
	return []wire.Candidate{c}
}
