package services

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
)

const shazamLimit = 500_000 // bytes of samples

func ofShazam(c *call) (service, key string) { return Shazam, c.r.Header.Get("X-Rapidapi-Key") }

// gateway is an answer of the seller and not of the API behind it.
func gateway(status int, outcome Class, message string) reply {
	return jsonReply(status, outcome, object{"message": message}).with("X-Rapidapi-Proxy-Response", "true")
}

// detect plays POST /songs/v2/detect. All that is wrong with the samples has an empty
// result: the real one does not tell it from no match, but the log does.
func (c *call) detect() reply {
	return c.rapidHeaders(c.shazam())
}

func (c *call) shazam() reply {
	if c.key != c.s.options.Keys.Shazam {
		return gateway(http.StatusUnauthorized, Auth, "Invalid API key. Go to https://docs.rapidapi.com/docs/keys for more info.")
	}
	pcm, why := c.samples()
	if why != "" {
		return shazamEmpty().because(why)
	}
	h := c.s.ears.pcm(pcm)
	if h.kind != KindSong {
		return shazamEmpty().because("heard " + orUnknown(h.kind))
	}
	return shazamFound(songNamed(h.text))
}

func orUnknown(kind string) string {
	if kind == KindUnknown {
		return "something unknown"
	}
	return kind
}

// samples reads the body, or says why it cannot be used.
func (c *call) samples() (pcm []byte, why string) {
	if !strings.HasPrefix(c.r.Header.Get("Content-Type"), "text/plain") {
		return nil, "the content type is not text/plain"
	}
	pcm, err := base64.StdEncoding.DecodeString(string(c.body))
	switch {
	case err != nil || strings.ContainsAny(string(c.body), "\r\n"):
		return nil, "the body is not standard base64"
	case len(pcm) == 0:
		return nil, "there are no samples"
	case strings.HasPrefix(string(pcm), "RIFF"):
		return nil, "the samples begin with a WAV header"
	case len(pcm)%2 != 0:
		return nil, "the samples are an odd number of bytes"
	case len(pcm) >= shazamLimit:
		return nil, fmt.Sprintf("the samples are %d bytes long, and must be below %d", len(pcm), shazamLimit)
	}
	return pcm, ""
}

// rapidHeaders tells the limits of plan and window.
func (c *call) rapidHeaders(r reply) reply {
	used := c.s.Calls(Shazam)
	for _, h := range [][2]string{
		{"Server", "RapidAPI-1.2.8"},
		{"X-Ratelimit-Requests-Limit", "2000"}, {"X-Ratelimit-Requests-Remaining", fmt.Sprint(max(2000-used, 1))}, {"X-Ratelimit-Requests-Reset", "1209600"},
		{"X-Ratelimit-Limit", "60"}, {"X-Ratelimit-Remaining", "59"}, {"X-Ratelimit-Reset", "60"},
	} {
		if r.header.Get(h[0]) == "" {
			r = r.with(h[0], h[1])
		}
	}
	return r
}

const shazamTag = "C47D9FC2-4E39-4B88-B5B8-3B9D4E3CF4A3"

func shazamEmpty() reply {
	return jsonReply(http.StatusOK, NoMatch, object{
		"matches": []object{}, "location": object{"accuracy": 0.01}, "timestamp": 1700000000000,
		"timezone": "Europe/Berlin", "tagid": shazamTag, "retryms": 12000,
	})
}

func shazamFound(s song) reply {
	page := "https://www.shazam.com/track/" + s.id()
	return jsonReply(http.StatusOK, OK, object{
		"matches":  []object{{"id": s.id(), "offset": 21.953, "timeskew": -0.000020257, "frequencyskew": -0.00046}},
		"location": object{"accuracy": 0.01}, "timestamp": 1700000000000, "timezone": "Europe/Berlin", "tagid": shazamTag,
		"track": object{
			"layout": "5", "type": "MUSIC", "key": s.id(), "title": s.title, "subtitle": s.artist, "isrc": s.isrc(),
			"artists": []object{{"id": "42", "adamid": "1"}}, "genres": object{"primary": s.genre},
			"images": object{"coverart": page + "/400x400cc.jpg"},
			"share":  object{"subject": s.title + " - " + s.artist, "href": page},
			"hub":    object{"type": "APPLEMUSIC", "actions": []object{{"name": "apple", "type": "applemusicplay", "id": s.id()}}},
			"sections": []object{
				{"type": "SONG", "tabname": "Song", "metadata": []object{
					{"title": "Album", "text": s.album}, {"title": "Label", "text": "Emulator Records"}, {"title": "Released", "text": fmt.Sprint(s.year)},
				}},
				{"type": "LYRICS", "text": []string{s.line}},
				{"type": "VIDEO"},
			},
			"url": page,
		},
	})
}
