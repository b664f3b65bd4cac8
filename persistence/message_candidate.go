package persistence

import (
	"cmp"
	"encoding/json"
	"strings"

	"recall/wire"
)

// readCandidate reads the candidate of the message p. Ours come back as they
// were written. The earlier app left objects in several spellings, lists, and
// JSON within a string; what cannot be found there is taken from the message.
// Nil when the message holds no song at all. key names a song that has no key.
func readCandidate(doc []byte, p *wire.Posting, key func(isrc, title, artist string) string) *wire.Candidate {
	c := new(wire.Candidate)
	if err := json.Unmarshal(doc, c); err == nil && c.Key != "" {
		return c
	}
	fields := looseFields(doc)
	if fields == nil && (p.Type != wire.TypeCandidate || p.SongTitle == "") {
		return nil
	}
	c = fields.candidate()
	c.Title = cmp.Or(c.Title, p.SongTitle)
	c.Artist = cmp.Or(c.Artist, p.SongArtist)
	if c.Confidence == 0 && p.Confidence != nil {
		c.Confidence = *p.Confidence
	}
	if len(c.SourceURLs) == 0 && p.SongURL != "" {
		c.SourceURLs = []string{p.SongURL}
	}
	c.Key = key(c.ISRC, c.Title, c.Artist)
	return c
}

// plainSongKey serves where nobody gave a better one; see [Options.SongKey].
func plainSongKey(isrc, title, artist string) string {
	return cmp.Or(isrc, strings.ToLower(title+"|"+artist))
}

// loose is a JSON object whose names are folded: song_title, songTitle and
// SongTitle are one.
type loose map[string]any

// looseFields finds the object in whatever stands there: the first of a list,
// JSON within a string, or nothing.
func looseFields(doc []byte) loose {
	var v any
	if json.Unmarshal(doc, &v) != nil {
		return nil
	}
	switch v := v.(type) {
	case map[string]any:
		fields := fold(v)
		for _, inner := range []string{"song", "candidate", "track"} {
			if nested, ok := fields[inner].(map[string]any); ok {
				for name, value := range fold(nested) {
					fields[name] = value
				}
			}
		}
		return fields
	case []any:
		if len(v) > 0 {
			first, _ := json.Marshal(v[0])
			return looseFields(first)
		}
	case string:
		if strings.HasPrefix(strings.TrimSpace(v), "{") {
			return looseFields([]byte(v))
		}
	}
	return nil
}

func fold(object map[string]any) loose {
	fields := make(loose, len(object))
	for name, value := range object {
		fields[strings.ToLower(strings.ReplaceAll(name, "_", ""))] = value
	}
	return fields
}

func (f loose) candidate() *wire.Candidate {
	return &wire.Candidate{
		Title:        f.text("title", "songtitle", "name"),
		Artist:       f.text("artist", "songartist", "artistname"),
		Album:        f.text("album"),
		Year:         int(f.number("year")),
		ISRC:         f.text("isrc"),
		Confidence:   min(1, max(0, f.number("confidence", "score"))),
		Reason:       f.text("reason", "explanation"),
		Background:   f.text("background"),
		LyricSnippet: f.text("lyricsnippet", "lyrics"),
		SourceURLs:   f.texts("sourceurls", "sourceurl", "urls", "url"),
		Sources:      f.texts("sources", "source"),
	}
}

// text is the first of the names that holds words.
func (f loose) text(names ...string) string {
	for _, name := range names {
		if s, ok := f[name].(string); ok && s != "" {
			return s
		}
	}
	return ""
}

func (f loose) number(names ...string) float64 {
	for _, name := range names {
		if n, ok := f[name].(float64); ok {
			return n
		}
	}
	return 0
}

// texts collects a list of words, or a single one; never nil, so that it is
// encoded as a list.
func (f loose) texts(names ...string) []string {
	for _, name := range names {
		switch v := f[name].(type) {
		case string:
			return []string{v}
		case []any:
			words := make([]string, 0, len(v))
			for _, item := range v {
				if s, ok := item.(string); ok {
					words = append(words, s)
				}
			}
			return words
		}
	}
	return []string{}
}
