package wire

// Candidate is a song that may be the one. Key identifies it among the
// candidates of a thread: the ISRC, else the folded title and artist.
type Candidate struct {
	Key          string   `json:"key"`
	Title        string   `json:"title"`
	Artist       string   `json:"artist"`
	Album        string   `json:"album,omitempty"`
	Year         int      `json:"year,omitempty"`
	ISRC         string   `json:"isrc,omitempty"`
	Confidence   float64  `json:"confidence"` // 0 to 1
	Reason       string   `json:"reason"`
	Background   string   `json:"background,omitempty"`
	LyricSnippet string   `json:"lyric_snippet,omitempty"` // at most 8 words
	SourceURLs   []string `json:"source_urls"`
	Sources      []string `json:"sources"` // who found it: "catalog", "acrcloud", …
}

// Song is a row of the catalogue. Year 0 and empty strings mean unknown.
type Song struct {
	ID          int64    `json:"-"`
	Title       string   `json:"title"`
	Artist      string   `json:"artist"`
	Album       string   `json:"album,omitempty"`
	Year        int      `json:"year,omitempty"`
	Genre       string   `json:"genre,omitempty"`
	Mood        []string `json:"mood,omitempty"`
	Tempo       string   `json:"tempo,omitempty"`    // slow, medium or fast
	Language    string   `json:"language,omitempty"` // ISO 639-1; "zxx" for instrumentals
	ISRC        string   `json:"isrc,omitempty"`
	Themes      []string `json:"themes,omitempty"`
	Description string   `json:"description,omitempty"`
	Phrase      string   `json:"phrase,omitempty"` // at most 8 words
	Popularity  int      `json:"popularity"`       // 0 to 100
}
