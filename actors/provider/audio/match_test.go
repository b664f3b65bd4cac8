package audio

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"recall/wire"
)

func TestAMatchInOurWords(t *testing.T) {
	t.Parallel()
	got, ok := Match{
		Title: " Hello\x00\n", Artist: "Adele", Album: strings.Repeat("ä", 400), Released: "2015-10-23", ISRC: "GBBKS1500214",
		Confidence: 1.2, Reason: "r", Links: []string{"javascript:alert(1)", "https://a.b/c", "http://a.b", "https://a b", "", "https://a\x00"},
	}.Candidate("x")
	want := wire.Candidate{
		Key: "isrc:GBBKS1500214", Title: "Hello", Artist: "Adele", Album: strings.Repeat("ä", 300), Year: 2015, ISRC: "GBBKS1500214",
		Confidence: 1, Reason: "r", SourceURLs: []string{"https://a.b/c"}, Sources: []string{"x"},
	}
	if !ok || cmp.Diff(want, got) != "" {
		t.Error(ok, cmp.Diff(want, got))
	}
	if _, ok := (Match{Title: "\x01 ", Artist: "A"}).Candidate("x"); ok {
		t.Error("a match without a title is a candidate")
	}
}

func TestYears(t *testing.T) {
	t.Parallel()
	for date, want := range map[string]int{"": 0, "2015": 2015, "2015-10-23": 2015, "1999-01": 1999, "0000-00-00": 0, "-999": 0, "20": 0, "soon": 0} {
		if got := year(date); got != want {
			t.Errorf("%q: %d, want %d", date, got, want)
		}
	}
}
