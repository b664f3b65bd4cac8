package persistence

import (
	"encoding/json"
	"testing"

	"recall/wire"
)

func TestReadCandidate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ doc, title, artist string }{
		{`{"key": "k", "title": "Ours", "artist": "A"}`, "Ours", "A"},
		{`{"title": "Plain", "artist": "Object"}`, "Plain", "Object"},
		{`{"songTitle": "Camel", "song_artist": "Case"}`, "Camel", "Case"},
		{`{"song": {"name": "Nested", "artistName": "Song"}, "title": ""}`, "Nested", "Song"},
		{`[{"title": "Listed"}]`, "Listed", "column artist"},
		{`"{\"title\": \"Quoted\"}"`, "Quoted", "column artist"},
		{`{"title": 5, "confidence": "high", "source_urls": [1, "u"], "year": 1e300}`, "column title", "column artist"},
		{`[]`, "column title", "column artist"},
		{`null`, "column title", "column artist"},
		{``, "column title", "column artist"},
		{`"words"`, "column title", "column artist"},
	} {
		confidence := 0.5
		p := &wire.Posting{Type: wire.TypeCandidate, SongTitle: "column title", SongArtist: "column artist", SongURL: "u", Confidence: &confidence}
		got := readCandidate([]byte(c.doc), p, plainSongKey)
		if got == nil || got.Title != c.title || got.Artist != c.artist || got.Key == "" {
			t.Errorf("%s: %+v", c.doc, got)
			continue
		}
		if got.Key != "k" && (got.Confidence != 0.5 || len(got.SourceURLs) != 1 || got.SourceURLs[0] != "u") {
			t.Errorf("%s: what the message says is not taken: %+v", c.doc, got)
		}
	}
	if got := readCandidate(nil, &wire.Posting{Type: wire.TypeText}, plainSongKey); got != nil {
		t.Errorf("a text has candidate %+v", got)
	}
}

// No document of the database may stop a thread from being read and sent.
func FuzzReadCandidate(f *testing.F) {
	for _, doc := range []string{`{}`, `[[[{"title":"a"}]]]`, `"\"{}\""`, `{"song":{"song":{}}}`, `{"confidence":-1e308}`, `{"year":1e300}`} {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		c := readCandidate(doc, &wire.Posting{Type: wire.TypeCandidate, SongTitle: "t"}, plainSongKey)
		if c == nil {
			t.Fatal("the song of the message is lost")
		}
		if _, err := json.Marshal(c); err != nil {
			t.Fatal(err)
		}
	})
}
