package gpt

import (
	"net/url"
	"strings"

	"recall/actors/recall"
	"recall/wire"
)

// The bounds of RECALL.md, step 7.
const (
	mostCandidates = 5
	mostWords      = 8 // of lyrics
	mostLinks      = 5
	longestLink    = 2048 // bytes
)

// candidate is one song as the schema has it.
type candidate struct {
	Title      string   `json:"title"`
	Artist     string   `json:"artist"`
	Confidence float64  `json:"confidence"`
	Reason     string   `json:"reason"`
	Background string   `json:"background"`
	LyricLine  string   `json:"lyric_line"`
	SourceURLs []string `json:"source_urls"`
}

// picker takes the candidates of one answer in their order and leaves out what must
// not be shown. Two pickers of one brief decide alike, so that what is told on the
// way is what stands in the end.
type picker struct {
	taken map[string]bool // by title and artist: not to be taken (again)
	count int
}

func newPicker(b recall.Brief) *picker {
	p := &picker{taken: map[string]bool{}}
	if b.Song != nil { // nothing is looked for
		p.count = mostCandidates
	}
	for _, o := range b.Query.Known.Avoid {
		p.taken[recall.TitleKey(o.Title, o.Artist)] = true
	}
	return p
}

// pick makes a candidate for people; false when it is none to show.
func (p *picker) pick(c candidate) (wire.Candidate, bool) {
	title, artist := tidy(c.Title, longestName), tidy(c.Artist, longestName)
	key := recall.TitleKey(title, artist)
	if title == "" || p.taken[key] || p.count == mostCandidates {
		return wire.Candidate{}, false
	}
	p.taken[key] = true
	p.count++
	return wire.Candidate{
		Key:          key,
		Title:        title,
		Artist:       artist,
		Confidence:   share(c.Confidence),
		Reason:       tidy(c.Reason, longestRemark),
		Background:   tidy(c.Background, longestRemark),
		LyricSnippet: firstWords(tidy(c.LyricLine, longestName), mostWords),
		SourceURLs:   links(c.SourceURLs),
		Sources:      []string{nameLarge},
	}, true
}

func (p *picker) all(list []candidate) []wire.Candidate {
	out := []wire.Candidate{}
	for _, c := range list {
		if good, ok := p.pick(c); ok {
			out = append(out, good)
		}
	}
	return out
}

// share keeps a confidence within 0 to 1.
func share(f float64) float64 { return min(max(f, 0), 1) }

func firstWords(s string, n int) string {
	words := strings.Fields(s)
	return strings.Join(words[:min(len(words), n)], " ")
}

// links keeps what can be opened as a page.
func links(list []string) []string {
	out := []string{}
	for _, s := range list {
		s = strings.TrimSpace(s)
		if u, err := url.Parse(s); err == nil && isPage(u) && len(s) <= longestLink && len(out) < mostLinks {
			out = append(out, s)
		}
	}
	return out
}

func isPage(u *url.URL) bool {
	return (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil
}
