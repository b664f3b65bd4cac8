package services

import (
	"fmt"
	"net/url"
	"strings"
)

// meaning is the value for a property by its plain name; false: not known.
func (f filler) meaning(name string) (any, bool) {
	if f.link {
		if v, ok := f.ofLink(name); ok {
			return v, true
		}
	}
	if s := f.about; s != nil {
		if v, ok := s.property(name); ok {
			return v, true
		}
	}
	return f.ofWhole(name)
}

func (f filler) ofLink(name string) (any, bool) {
	words := f.words
	if f.about != nil {
		words = f.about.title + " " + f.about.artist
	} else if len(f.guesses) > 0 {
		words = f.guesses[0].title + " " + f.guesses[0].artist
	}
	switch name {
	case "url", "href", "link", "uri":
		return page(words), true
	case "title", "name", "label", "text":
		return "Wikipedia: " + words, true
	case "kind", "type", "provider", "site", "source":
		return "wikipedia", true
	}
	return nil, false
}

func page(words string) string {
	return "https://en.wikipedia.org/w/index.php?search=" + url.QueryEscape(words)
}

// property is what is known of one song.
func (g *guess) property(name string) (any, bool) {
	switch name {
	case "title", "song", "songtitle", "name", "track":
		return g.title, true
	case "titleandartist":
		return g.title + " – " + g.artist, true
	case "artist", "artistname", "performer":
		return g.artist, true
	case "album":
		return g.album, true
	case "year", "releaseyear":
		return float64(g.year), true
	case "genre":
		return g.genre, true
	case "language":
		return g.language, true
	case "isrc":
		return g.isrc(), true
	case "confidence", "score", "probability":
		return g.confidence, true
	case "reason", "why", "explanation", "rationale":
		return g.reason, true
	case "background", "description", "context", "trivia":
		return fmt.Sprintf("A song of the %d0s, %s; it is about %s.", g.year/10, g.genre, g.about), true
	case "lyric", "lyricline", "lyricsline", "lyricsnippet", "line", "quote":
		return g.line, true
	case "url", "songurl", "sourceurl", "link":
		return page(g.title + " " + g.artist), true
	}
	return nil, false
}

// ofWhole is what is known of the answer as a whole. A description is the picture's
// where there is one.
func (f filler) ofWhole(name string) (any, bool) {
	switch name {
	case "intent", "kind":
		return f.intent, true
	case "confidence":
		return f.sure, true
	case "overallconfidence":
		return f.confidence, true
	case "responsetype", "type":
		return f.responseType(), true
	case "answer", "text", "answertext", "summary", "message", "response", "description", "meaning", "caption":
		return f.text, true
	case "visibletext", "words", "ocr", "ocrtext", "textonimage", "query":
		return f.words, true
	case "followup", "followupquestion", "question":
		return f.nextQuestion(), true
	case "shouldaskcrowd", "askcrowd":
		return f.askCrowd(), true
	case "crowdprompt", "crowdquestion", "prompt":
		return f.crowdPrompt(), true
	case "title", "song", "songtitle", "artist", "lyrics", "lyric", "album":
		return f.mentioned(name), true
	}
	return nil, false
}

func (t thought) responseType() string {
	switch {
	case t.intent == "information" && len(t.guesses) > 0, t.intent == "conversation":
		return "answer"
	case len(t.guesses) > 0 && t.confidence >= 0.7:
		return "both"
	default:
		return "search"
	}
}

func (t thought) nextQuestion() string {
	if t.confidence >= 0.7 && t.responseType() != "answer" {
		return ""
	}
	return t.followUp
}

func (t thought) askCrowd() bool { return t.confidence < 0.65 && t.intent != "conversation" }

func (t thought) crowdPrompt() string {
	if !t.askCrowd() {
		return ""
	}
	return "Does anybody know this one? " + t.words
}

// mentioned is what the user's own words say of a song, and not what is known of it.
func (t thought) mentioned(name string) string {
	for _, g := range t.guesses {
		v, _ := g.property(name)
		if text, _ := v.(string); text != "" && strings.Contains(folded(t.words), folded(text)) {
			return text
		}
	}
	return ""
}
