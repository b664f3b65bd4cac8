package gpt

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"recall/wire"
)

// wild is an answer of a model gone mad: its words hold what a database refuses, and
// are ten times as long as anybody wants.
func wild(t *testing.T) string {
	t.Helper()
	words := func(name string) string { return name + "\x00\x1b[31m\x7f " + strings.Repeat("ü", 5000) }
	all, err := json.Marshal(draft{
		ResponseType: new(wire.ResponseBoth),
		Candidates: []candidate{{Title: words("title"), Artist: words("artist"), Confidence: 0.5, Reason: words("reason"),
			Background: words("background"), LyricLine: words("line"), SourceURLs: []string{"https://example.org/\x00"}}},
		Answer:   &answer{Text: words("text") + words("ü"), RelatedSongs: []wire.Related{{Title: words("related"), Artist: words("by")}, {Title: "\x00"}}},
		FollowUp: words("question"), AskCrowd: true, CrowdPrompt: words("prompt"), Confidence: 0.5,
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}

// TestWildWordsAreTamed: a message can be stored and sent whatever a model writes, and
// what was told on the way is what stands in the end.
func TestWildWordsAreTamed(t *testing.T) {
	t.Parallel()
	d, err := decode(wild(t), brief())
	if err != nil || len(d.Candidates) != 1 || len(d.Answer.RelatedSongs) != 1 {
		t.Fatalf("%v: %d candidates", err, len(d.Candidates))
	}
	c, r := d.Candidates[0], d.Answer.RelatedSongs[0]
	for name, field := range map[string]struct {
		text string
		most int
	}{
		"title": {c.Title, longestName}, "artist": {c.Artist, longestName}, "reason": {c.Reason, longestRemark},
		"background": {c.Background, longestRemark}, "line": {c.LyricSnippet, longestName}, "text": {d.Answer.Text, longestAnswer},
		"related": {r.Title, longestName}, "by": {r.Artist, longestName}, "question": {d.FollowUp, longestRemark}, "prompt": {d.CrowdPrompt, longestRemark},
	} {
		isTame(t, name, field.text, field.most)
	}
	if len(c.SourceURLs) > 0 {
		t.Errorf("%q", c.SourceURLs)
	}
	for _, size := range []int{7, 1 << 12, 1 << 20} {
		if _, words := tellOf(wild(t), brief(), size); words != d.Answer.Text {
			t.Errorf("in pieces of %d: %d bytes were told, %d stand", size, len(words), len(d.Answer.Text))
		}
	}
}

func isTame(t *testing.T, name, text string, most int) {
	t.Helper()
	bad := func(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError }
	if !strings.HasPrefix(text, name+"[31m ü") || utf8.RuneCountInString(text) > most || strings.ContainsFunc(text, bad) {
		t.Errorf("%s: %d characters, %.40q", name, utf8.RuneCountInString(text), text)
	}
}

// TestWildTranscriptsAndPictures become the words of a message.
func TestWildTranscriptsAndPictures(t *testing.T) {
	t.Parallel()
	words := "heard\x00\x1b[31m " + strings.Repeat("ü", 1<<16)
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		quoted, _ := json.Marshal(words)
		_, _ = w.Write([]byte(`{"text":` + string(quoted) + `,"choices":[{"message":{"content":` + string(quoted) + `},"finish_reason":"stop"}]}`))
	})
	shown, err := NewViewer(c, "", "").View(t.Context(), clipOf("image/png", ".png", "x"))
	if err != nil {
		t.Fatal(err)
	}
	isTame(t, "heard", shown, longestSpeech)
	said, err := NewTranscriber(c, Speech{}).Transcribe(t.Context(), clipOf("audio/wav", ".wav", "x"), nil)
	if err != nil {
		t.Fatal(err)
	}
	isTame(t, "heard", said, longestSpeech)
}
