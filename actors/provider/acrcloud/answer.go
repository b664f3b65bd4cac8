package acrcloud

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"recall/actors/provider/audio"
	"recall/actors/provider/fault"
	"recall/actors/provider/rest"
	"recall/actors/recall"
	"recall/wire"
)

// mostCandidates that an answer gives.
const mostCandidates = 5

// answer is what we read of the service's JSON. Beside music and humming, metadata
// may hold custom files and streams of the project's owner, which are no songs to us.
type answer struct {
	Status struct {
		Code text `json:"code"`
		Msg  text `json:"msg"`
	} `json:"status"`
	Metadata struct {
		Music   many[item] `json:"music"`
		Humming many[item] `json:"humming"`
	} `json:"metadata"`
}

type item struct {
	Title       text        `json:"title"`
	Score       number      `json:"score"`
	Artists     many[named] `json:"artists"`
	Album       named       `json:"album"`
	ReleaseDate text        `json:"release_date"`
	External    struct {
		ISRC text `json:"isrc"`
	} `json:"external_ids"`
	Elsewhere struct {
		Spotify many[place] `json:"spotify"`
		Deezer  many[place] `json:"deezer"`
		YouTube many[struct {
			VID text `json:"vid"`
		}] `json:"youtube"`
	} `json:"external_metadata"`
}

type named struct {
	Name text `json:"name"`
}

// place is a song's track at another service.
type place struct {
	Track struct {
		ID text `json:"id"`
	} `json:"track"`
}

// decode reads a body that must have a status code. A field of an unexpected type
// is as good as absent, and the rest is read all the same.
func decode(body []byte) (*answer, int, error) {
	var a answer
	err := json.Unmarshal(body, &a)
	if err != nil && !errors.As(err, new(*json.UnmarshalTypeError)) {
		return nil, 0, fault.New(fault.Unavailable, "not JSON: %s", rest.Quote(body))
	}
	code, err := strconv.Atoi(string(a.Status.Code))
	if err != nil {
		return nil, 0, fault.New(fault.Unavailable, "no status code: %s", rest.Quote(body))
	}
	return &a, code, nil
}

// candidates are the songs of both lists, each once, the likeliest first. Of equal
// scores the recording counts more than a melody that is like it.
func (a *answer) candidates() []wire.Candidate {
	var all []wire.Candidate
	for _, i := range a.Metadata.Music {
		all = i.addTo(all, "The sound of the recording matches.")
	}
	for _, i := range a.Metadata.Humming {
		all = i.addTo(all, "The melody matches.")
	}
	slices.SortStableFunc(all, func(x, y wire.Candidate) int { return cmp.Compare(y.Confidence, x.Confidence) })
	seen := map[string]bool{}
	all = slices.DeleteFunc(all, func(c wire.Candidate) bool {
		key := recall.TitleKey(c.Title, c.Artist) // editions of one song differ in their ISRC
		again := seen[key] || seen[c.Key]
		seen[key], seen[c.Key] = true, true
		return again
	})
	return all[:min(len(all), mostCandidates)]
}

func (i item) addTo(all []wire.Candidate, reason string) []wire.Candidate {
	var artists []string
	for _, a := range i.Artists {
		if a.Name != "" {
			artists = append(artists, string(a.Name))
		}
	}
	c, ok := audio.Match{
		Title: string(i.Title), Artist: strings.Join(artists, ", "), Album: string(i.Album.Name),
		Released: string(i.ReleaseDate), ISRC: string(i.External.ISRC),
		Confidence: share(float64(i.Score)), Reason: reason, Links: i.links(),
	}.Candidate(name)
	if !ok {
		return all
	}
	return append(all, c)
}

// share is a score from 0 to 1: music has hundredths (70 to 100), humming shares.
func share(score float64) float64 {
	if score > 1 {
		score /= 100
	}
	return min(max(score, 0), 1)
}

// id is what we take for one, before it becomes part of an address.
var id = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

func (i item) links() (links []string) {
	add := func(before string, t text) {
		if id.MatchString(string(t)) {
			links = append(links, before+url.QueryEscape(string(t)))
		}
	}
	for _, s := range i.Elsewhere.Spotify[:min(1, len(i.Elsewhere.Spotify))] {
		add("https://open.spotify.com/track/", s.Track.ID)
	}
	for _, y := range i.Elsewhere.YouTube[:min(1, len(i.Elsewhere.YouTube))] {
		add("https://www.youtube.com/watch?v=", y.VID)
	}
	for _, d := range i.Elsewhere.Deezer[:min(1, len(i.Elsewhere.Deezer))] {
		add("https://www.deezer.com/track/", d.Track.ID)
	}
	return links
}
