package services

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// write is the content of a chat answer: in the shape that was asked for, else as
// plain text.
func (s *Services) write(q ChatRequest) string {
	t := think(q)
	t.guesses = t.guesses[:min(len(t.guesses), s.options.Candidates)]
	if url := q.Image(); url != "" {
		t.visible = s.look(url)
		t.words = strings.TrimSpace(t.words + "\n" + t.visible)
		t.guesses = guessesFor(t.visible, ChatRequest{})
		t.text = t.visible
	}
	switch q.ResponseFormat.Type {
	case "json_schema":
		shape, err := knownSchemas.parse(q.ResponseFormat.JSONSchema.Schema)
		if err != nil {
			return "{}" // it was checked before
		}
		return string(t.fill(shape))
	case "json_object":
		return string(t.fill(defaultShape))
	default:
		return t.text
	}
}

// look describes the picture behind a data URL; other addresses are not followed.
func (s *Services) look(url string) string {
	_, data, _ := strings.Cut(url, ";base64,")
	content, err := base64.StdEncoding.DecodeString(data)
	if err != nil || len(content) == 0 {
		return "The picture cannot be opened – nothing can be said of it."
	}
	h, colour := s.ears.see(content)
	switch {
	case h.kind == KindAlbum:
		return describeAlbum(h.text)
	case h.kind != KindUnknown:
		return h.text
	}
	if colour == "" {
		colour = "many-coloured"
	}
	example := songs[pick(content, len(songs))]
	return fmt.Sprintf("(demo) A mostly %s picture, as of an album cover. The words on it, as the demo reads them: “%s”, “%s”.",
		colour, example.artist, example.album)
}

func describeAlbum(name string) string {
	s, known := songOnAlbum(name)
	if !known {
		return fmt.Sprintf("The cover of an album. The words on it: “%s”.", name)
	}
	return fmt.Sprintf("The cover of an album of %d – %s. The words on it: “%s”, “%s”. Its best-known song is “%s” by %s.",
		s.year, s.genre, s.artist, s.album, s.title, s.artist)
}

// defaultShape is written when JSON is asked for without a schema.
var defaultShape = func() *schema {
	s, err := parseSchema([]byte(`{"type":"object","properties":{
		"intent":{"type":"string"},"confidence":{"type":"number"},
		"response_type":{"enum":["search","answer","both"]},"overall_confidence":{"type":"number"},
		"candidates":{"type":"array","items":{"type":"object","properties":{
			"title":{"type":"string"},"artist":{"type":"string"},"confidence":{"type":"number"},
			"reason":{"type":"string"},"background":{"type":"string"},"lyric":{"type":"string"},
			"sources":{"type":"array","items":{"type":"string"}}}}},
		"answer":{"type":"object","properties":{"text":{"type":"string"},
			"sources":{"type":"array","items":{"type":"string"}},"related":{"type":"array","items":{"type":"string"}}}},
		"follow_up":{"type":["string","null"]},"should_ask_crowd":{"type":"boolean"},"crowd_prompt":{"type":["string","null"]}}}`))
	if err != nil {
		panic(err)
	}
	return s
}()
