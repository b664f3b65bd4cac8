package recall

import (
	"strings"

	"recall/wire"
)

// tidy makes candidates from outside fit to be offered: with a name, a confidence
// from 0 to 1, no null lists and the key that all sources share.
func tidy(songs []wire.Candidate, from string, keys keyring) []wire.Candidate {
	all := make([]wire.Candidate, 0, len(songs))
	for _, c := range songs {
		c.Title, c.Artist = strings.TrimSpace(c.Title), strings.TrimSpace(c.Artist)
		if c.Title == "" {
			continue
		}
		c.Key, c.Confidence = keys.of(&c)[0], within(c.Confidence)
		if len(c.Sources) == 0 {
			c.Sources = []string{from}
		}
		if c.SourceURLs == nil {
			c.SourceURLs = []string{}
		}
		all = append(all, c)
	}
	return all
}

// within holds a confidence between 0 and 1; what is no number is none.
func within(confidence float64) float64 {
	if !(confidence > 0) {
		return 0
	}
	return min(confidence, 1)
}
