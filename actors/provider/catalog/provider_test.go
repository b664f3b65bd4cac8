package catalog

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"recall/actors/recall"
)

func TestFindsByWhatIsSaid(t *testing.T) {
	t.Parallel()
	p := someProvider(t)
	for text, want := range map[string]string{
		"lantern street":                     "Lantern Street",
		"LANTERN STREET!!":                   "Lantern Street",
		"lantenr stret":                      "Lantern Street", // swapped, dropped
		"lanternstreet":                      "Lantern Street",
		"what's that song by the paper kits": "Lantern Street",
		"pluie d'ete":                        "Pluie d'été",
		"さくらの歌":                              "さくらの歌",
		"さくら":                                "さくらの歌",
		"rap about cash":                     "Money Machine", // synonyms of rapper and money
		"something in French with rain":      "Pluie d'été",
		"slow one from the sixties":          "Pluie d'été",
		"I think a guy with a really high voice, synths":   "Lantern Street",
		"“light me home again”":                            "Lantern Street",
		"a lady, rain, sailor, unplugged, around 1975":     "Falling Rain", // the year is wrong
		"girl saying goodbye to a sailer":                  "Falling Rain",
		"I'm not your sailor":                              "I'm Not Your Sailor", // no negation: a title
		"hip hop from the early 2000s":                     "Money Machine",
		"loud guitar, someone yelling at the sea":          "I'm Not Your Sailor",
		"the one with cherry blossom in it, japanese":      "さくらの歌",
		"song from '84":                                    "Lantern Street",
		"farewell in the rain, guitar, not from the 90s":   "Falling Rain",
		"farewell in the rain, guitar, it's not by Mira":   "Old Harbour Rain",
		"rain song with guitar, nineties, isn't by ostrow": "Old Harbour Rain",
	} {
		if f := ask(t, p, text); first(f) != want {
			t.Errorf("%q finds %q, want %q", text, first(f), want)
		}
	}
}

func TestNoCandidatesRatherThanNonsense(t *testing.T) {
	t.Parallel()
	p := someProvider(t)
	for _, text := range []string{"", "   ", "xqzt wvutsr", "yes", "the of and", "?!", "\x00\xff"} {
		f := ask(t, p, text)
		if len(f.Candidates) != 0 || f.Candidates == nil {
			t.Errorf("%q finds %v", text, f.Candidates)
		}
		if f.FollowUp == "" {
			t.Errorf("%q: nothing is asked", text)
		}
	}
	if f := ask(t, Provider{New()}, "lantern street"); len(f.Candidates) != 0 {
		t.Errorf("an empty catalogue finds %v", f.Candidates)
	}
}

func TestCandidateIsComplete(t *testing.T) {
	t.Parallel()
	c := ask(t, someProvider(t), "light me home again, lantern street, falsetto, mid eighties").Candidates[0]
	if c.Key != recall.SongKey("", "Lantern Street", "The Paper Kites") || c.Artist != "The Paper Kites" || c.Album != "Harbour" || c.Year != 1984 {
		t.Errorf("candidate %+v", c)
	}
	if c.LyricSnippet != "light me home again tonight" || c.Background == "" || c.SourceURLs == nil || !reflect.DeepEqual(c.Sources, []string{"catalog"}) {
		t.Errorf("candidate %+v", c)
	}
	for _, part := range []string{"Title matches “Lantern Street”", "1984 fits “mid eighties”", "“falsetto”"} {
		if !strings.Contains(c.Reason, part) {
			t.Errorf("reason %q lacks %q", c.Reason, part)
		}
	}
	if c := ask(t, someProvider(t), "money machine").Candidates[0]; c.Key != "isrc:ZZA000400001" || c.LyricSnippet != "" {
		t.Errorf("candidate %+v", c)
	}
}

func TestLimit(t *testing.T) {
	t.Parallel()
	p := someProvider(t)
	if f := find(t, p, recall.Query{Text: "sad rain song", Limit: 2}); len(f.Candidates) != 2 {
		t.Errorf("limit 2 gives %d", len(f.Candidates))
	}
	if f := find(t, p, recall.Query{Text: "woman man rain guitar sea synth rapper", Limit: 0}); len(f.Candidates) > defaultLimit {
		t.Errorf("no limit gives %d", len(f.Candidates))
	}
}

func TestSureOrAsking(t *testing.T) {
	t.Parallel()
	p := someProvider(t)
	if f := ask(t, p, "lantern street by the paper kites"); f.Candidates[0].Confidence < sureEnough || f.FollowUp != "" {
		t.Errorf("title and artist: %.2f, %q", f.Candidates[0].Confidence, f.FollowUp)
	}
	f := ask(t, p, "sad song about rain")
	if f.Candidates[0].Confidence >= sureEnough || f.FollowUp == "" {
		t.Errorf("three songs fit: %.2f, %q", f.Candidates[0].Confidence, f.FollowUp)
	}
	for i, c := range f.Candidates {
		if c.Confidence < 0 || c.Confidence > 1 || i > 0 && c.Confidence > f.Candidates[0].Confidence {
			t.Errorf("confidence %d is %.2f", i, c.Confidence)
		}
	}
}

func TestAvoided(t *testing.T) {
	t.Parallel()
	p := someProvider(t)
	for _, o := range []recall.Offer{
		{Key: recall.SongKey("", "Lantern Street", "The Paper Kites")},
		{Title: "LANTERN STREET (Remastered)", Artist: "Paper Kites"},
	} {
		f := find(t, p, recall.Query{Text: "lantern street falsetto night", Known: recall.Known{Avoid: []recall.Offer{o}}})
		if placeOf(f, "Lantern Street") >= 0 {
			t.Errorf("%+v is offered again", o)
		}
	}
	given := recall.Known{Given: []recall.Offer{{Title: "Lantern Street", Artist: "The Paper Kites"}}}
	if f := find(t, p, recall.Query{Text: "lantern street", Known: given}); first(f) != "Lantern Street" {
		t.Error("what still stands may be ranked again")
	}
}

func TestSameQuestionSameAnswer(t *testing.T) {
	t.Parallel()
	songs := someSongs()
	a, b := New(), New()
	a.Upsert(songs...)
	for i := range songs { // another order, another number of segments
		b.Upsert(songs[len(songs)-1-i])
	}
	for _, text := range []string{"rain", "sad song with guitar", "lantern stret", "slow", "woman"} {
		want := ask(t, Provider{a}, text)
		for range 3 {
			if got := ask(t, Provider{b}, text); !reflect.DeepEqual(got, want) {
				t.Errorf("%q: %v, then %v", text, want, got)
			}
		}
	}
}

func TestTiesArePopularThenOlderRows(t *testing.T) {
	t.Parallel()
	x := New()
	for id, fame := range map[int64]int{3: 10, 1: 10, 2: 90} {
		s := someSongs()[0]
		s.ID, s.Popularity, s.Artist = id, fame, "Band "+string(rune('A'+id))
		x.Upsert(s)
	}
	var got []string
	for _, c := range ask(t, Provider{x}, "lantern street").Candidates {
		got = append(got, c.Artist)
	}
	if want := []string{"Band C", "Band B", "Band D"}; !reflect.DeepEqual(got, want) {
		t.Errorf("order %v, want %v", got, want)
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := someProvider(t).Find(ctx, recall.Query{Text: "rain"}); err == nil {
		t.Error("a cancelled search answers")
	}
}
