package recall

import (
	"math"
	"slices"
	"testing"

	"recall/wire"
)

func fused(lists ...[]wire.Candidate) []wire.Candidate {
	findings := make([]Finding, 0, len(lists))
	for _, l := range lists {
		findings = append(findings, Finding{Candidates: l})
	}
	return fuse(findings, keyring{})
}

func coded(c wire.Candidate, isrc string) wire.Candidate {
	c.ISRC = isrc
	return c
}

func TestFuseMerges(t *testing.T) {
	t.Parallel()
	const code = "GBAYE6900531"
	for name, c := range map[string]struct {
		a, b wire.Candidate
		one  bool
	}{
		"the same":                 {song("One", 0.5, "a"), song("One", 0.5, "b"), true},
		"the same ISRC":            {coded(song("One", 0.5, "a"), code), coded(song("Uno", 0.5, "b"), "GB-AYE-69-00531"), true},
		"the same folded title":    {song("Café (2011 Remastered)", 0.5, "a"), song("CAFE feat. Bono", 0.5, "b"), true},
		"only one knows the code":  {coded(song("One", 0.5, "a"), code), song("one!", 0.5, "b"), true},
		"the other knows the code": {song("One", 0.5, "a"), coded(song("one!", 0.5, "b"), code), true},
		"others":                   {song("One", 0.5, "a"), song("Two", 0.5, "b"), false},
	} {
		got := fused([]wire.Candidate{c.a}, []wire.Candidate{c.b})
		if (len(got) == 1) != c.one {
			t.Errorf("%s: %d songs", name, len(got))
		}
		if c.one && (got[0].Confidence <= 0.5 || !slices.Equal(got[0].Sources, []string{"a", "b"})) {
			t.Errorf("%s: agreement is not heard: %+v", name, got[0])
		}
	}
}

func TestFuseConfidence(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		a, b wire.Candidate
		want float64
	}{
		"independent sources":                         {song("One", 0.6, "a"), song("One", 0.8, "b"), 0.8 + 0.2*0.6*0.5},
		"order does not count":                        {song("One", 0.8, "a"), song("One", 0.6, "b"), 0.8 + 0.2*0.6*0.5},
		"certain stays":                               {song("One", 1, "a"), song("One", 1, "b"), 1},
		"nothing adds nothing":                        {song("One", 0.5, "a"), song("One", 0, "b"), 0.5},
		"two editions of one source are no agreement": {song("One", 0.6, "a"), song("One (Mono)", 0.8, "a"), 0.8},
	} {
		got := fused([]wire.Candidate{c.a, song("Other", 0.1, "a")}, []wire.Candidate{c.b})
		if math.Abs(got[0].Confidence-c.want) > 1e-12 || len(got) != 2 {
			t.Errorf("%s: %v in %d, want %v", name, got[0].Confidence, len(got), c.want)
		}
	}
}

func TestFuseKeepsWhatEachKnows(t *testing.T) {
	t.Parallel()
	shared := make([]string, 1, 4) // room that belongs to the source
	shared[0] = "a"
	a, b := song("One", 0.5), song("One", 0.9, "b")
	a.Sources, a.Album, a.Reason = shared, "First", "weak"
	b.Album, b.Year, b.Background, b.LyricSnippet, b.Reason, b.SourceURLs = "Second", 1990, "bg", "words", "strong", []string{"u"}
	got := fused([]wire.Candidate{a}, []wire.Candidate{b})[0]
	if got.Album != "First" || got.Year != 1990 || got.Background != "bg" || got.LyricSnippet != "words" || got.Reason != "strong" || got.SourceURLs[0] != "u" {
		t.Errorf("%+v", got)
	}
	if shared[:2][1] != "" {
		t.Error("fusion wrote into the list of a source")
	}
}

func TestFuseOrder(t *testing.T) {
	t.Parallel()
	got := fused([]wire.Candidate{song("Low", 0.2, "a"), song("Tie 1", 0.5, "a")}, []wire.Candidate{song("High", 0.9, "b"), song("Tie 2", 0.5, "b")})
	if order := names(got); !slices.Equal(order, []string{"High", "Tie 1", "Tie 2", "Low"}) {
		t.Error(order)
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	all := make([]wire.Candidate, 0, 8)
	for _, title := range []string{"A", "B", "C", "D", "E", "F", "G", "H"} {
		all = append(all, song(title, 0.5))
	}
	all[7] = coded(song("Another name", 0.5), "GBAYE6900531")
	k := Known{
		Given: []Offer{{Title: "a", Artist: "singer"}, {Key: "isrc:GBAYE6900531", Title: "H", Artist: "Singer"}},
		Avoid: []Offer{{Title: "B (Mono)", Artist: "Singer", Verdict: wire.Rejected}, {Title: "C", Artist: "Singer"}, {Key: all[3].Key, Verdict: wire.Rejected}},
	}
	fresh, again := k.split(all, keyring{})
	if !slices.Equal(names(fresh), []string{"E", "F", "G"}) || !slices.Equal(names(again), []string{"A", "C", "Another name"}) {
		t.Errorf("new %v, again %v", names(fresh), names(again))
	}
	if fresh, _ := (Known{}).split(all, keyring{}); len(fresh) != 5 {
		t.Errorf("%d songs are offered at once, the most is 5", len(fresh))
	}
	// Rejected once and offered once more under another verdict stays rejected.
	k = Known{Given: []Offer{{Title: "A", Artist: "Singer"}}, Avoid: []Offer{{Title: "A", Artist: "Singer", Verdict: wire.Rejected}}}
	if fresh, again := k.split(all[:1], keyring{}); len(fresh)+len(again) != 0 {
		t.Errorf("new %v, again %v", names(fresh), names(again))
	}
}

// What is hardly there beside the best is left out.
func TestSplitLeavesNoiseOut(t *testing.T) {
	t.Parallel()
	fresh, _ := Known{}.split([]wire.Candidate{song("A", 0.8), song("B", 0.081), song("C", 0.079), song("D", 0)}, keyring{})
	if !slices.Equal(names(fresh), []string{"A", "B"}) {
		t.Error(names(fresh))
	}
	// Beside nothing it is still next to nothing.
	if fresh, _ = (Known{}).split([]wire.Candidate{song("A", 0.05), song("B", 0.049)}, keyring{}); !slices.Equal(names(fresh), []string{"A"}) {
		t.Error(names(fresh))
	}
}

func names(list []wire.Candidate) []string {
	out := make([]string, 0, len(list))
	for _, c := range list {
		out = append(out, c.Title)
	}
	return out
}
