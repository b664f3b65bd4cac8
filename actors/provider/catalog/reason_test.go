package catalog

import (
	"slices"
	"strings"
	"testing"

	"recall/actors/recall"
	"recall/wire"
)

// A clue names only what the song really has: an artist's name said is no title,
// also where the artist's name is close enough for a typo.
func TestReasonTellsTitleFromArtist(t *testing.T) {
	t.Parallel()
	x := New()
	x.Upsert(starterSongs(t)...)
	p := Provider{x}
	for text, want := range map[string]struct{ has, lacks string }{
		"abba":          {"Artist matches “abba”", "itle matches"},
		"queen":         {"Artist matches “queen”", "itle matches"},
		"danzing queen": {"Title matches “Dancing Queen”", "rtist matches"},
		"dancing queen": {"Title matches “Dancing Queen”", "rtist matches"},
	} {
		reason := ask(t, p, text).Candidates[0].Reason
		if !strings.Contains(reason, want.has) || strings.Contains(reason, want.lacks) {
			t.Errorf("%q: %q, want %q and not %q", text, reason, want.has, want.lacks)
		}
	}
}

func TestYearOutsideOfTheDecadeIsNear(t *testing.T) {
	t.Parallel()
	x := New()
	for year := 1959; year <= 1971; year++ {
		x.Upsert(wire.Song{ID: int64(year), Title: "Lantern Street", Artist: "Kites " + string(rune('A'+year-1959)), Year: year, Genre: "rock"})
	}
	for _, c := range find(t, Provider{x}, recall.Query{Text: "lantern street from the sixties", Limit: 16}).Candidates {
		inside := c.Year >= 1960 && c.Year <= 1969
		if strings.Contains(c.Reason, "fits “sixties”") != inside || strings.Contains(c.Reason, "is near “sixties”") == inside {
			t.Errorf("%d: %q", c.Year, c.Reason)
		}
	}
}

// A lower rank never shows the higher number.
func TestCandidatesComeByConfidence(t *testing.T) {
	t.Parallel()
	songs := starterSongs(t)
	x := New()
	x.Upsert(songs...)
	for _, d := range descriptions(t, songs) {
		found := find(t, Provider{x}, recall.Query{Text: d.Query, Limit: 10}).Candidates
		if !slices.IsSortedFunc(found, byConfidence) {
			t.Errorf("%q: not by confidence", d.Query)
		}
	}
}
