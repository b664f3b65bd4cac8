package catalog

import (
	"context"
	"strings"
	"testing"

	"recall/actors/recall"
)

func noTitles([]token) bool { return false }

func TestEras(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]int{
		"an 80s song":            {1980, 1989},
		"from the 80's":          {1980, 1989},
		"the nineties":           {1990, 1999},
		"1970s":                  {1970, 1979},
		"late 70s":               {1976, 1979},
		"early 2000s":            {2000, 2003},
		"2000s":                  {2000, 2009},
		"in the mid-eighties":    {1983, 1987},
		"the end of the sixties": {1966, 1969},
		"around 1985":            {1985, 1985},
		"from '85":               {1985, 1985},
		"in 85":                  {1985, 1985},
		"a few years ago":        {2019, 2023},
		"20 years ago":           {2001, 2009},
		"before 1990":            {firstYear, 1989},
		"older than the 70s":     {firstYear, 1969},
		"after 2010":             {2011, 9999},
		"last year":              {2024, 2024},
		"nineteen eighties":      {1980, 1989},
		"the noughties":          {2000, 2009},
		"turn of the millennium": {1998, 2002},
	} {
		u := analyse(text, 2025, noTitles)
		if len(u.eras) != 1 || u.eras[0].what.from != want[0] || u.eras[0].what.to != want[1] {
			t.Errorf("%q is %+v, want %v", text, u.eras, want)
		}
	}
	for _, text := range []string{"99 red balloons", "20 people", "24 hours", "“1985”", "2 of us", "twenty", "in 3 days"} {
		if u := analyse(text, 2025, noTitles); len(u.eras) != 0 {
			t.Errorf("%q is read as %+v", text, u.eras)
		}
	}
}

func TestEraWeakensAndNeverExcludes(t *testing.T) {
	t.Parallel()
	e := era{1980, 1989, decadeTail, "80s"}
	if e.worth(1985) != 1 || e.worth(1991) <= e.worth(1995) || e.worth(1995) <= e.worth(2015) || e.worth(2015) <= 0 {
		t.Errorf("worth falls %v %v %v %v", e.worth(1985), e.worth(1991), e.worth(1995), e.worth(2015))
	}
}

func TestNegation(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"rock, not metal":                                   "metal",
		"it isn't by abba":                                  "abba",
		"love song but not by the beatles":                  "beatles",
		"other than queen, with a choir":                    "queen",
		"not sure, maybe metal":                             "",
		"a man who is not afraid of flying any longer":      "",
		"no, the drums were louder than that on the record": "",
		"not the madonna version":                           "madonna version",
		"'not in love'":                                     "",
	} {
		var not []string
		for _, tok := range analyse(text, 2025, noTitles).tokens {
			if tok.not {
				not = append(not, tok.text)
			}
		}
		if got := strings.Join(not, " "); got != want {
			t.Errorf("%q rules out %q, want %q", text, got, want)
		}
	}
}

func TestStyles(t *testing.T) {
	t.Parallel()
	u := analyse("a slow hip-hop ballad in Spanish, not disco", 2025, noTitles)
	if len(u.genres) != 2 || u.genres[0].what != "hip hop" || u.genres[0].not || u.genres[1].what != "disco" || !u.genres[1].not {
		t.Errorf("genres %+v", u.genres)
	}
	if len(u.langs) != 1 || u.langs[0].what != "es" || len(u.tempos) == 0 || u.tempos[0].what != slow {
		t.Errorf("languages %+v, tempos %+v", u.langs, u.tempos)
	}
	if genreWorth("rap", "hip hop") != 1 || genreWorth("synth pop", "pop") != kin || genreWorth("jazz", "punk") != 0 || genreWorth("anatolian rock", "rock") == 0 {
		t.Error("genres are compared wrongly")
	}
}

func TestDistance(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want int
	}{{"abba", "abba", 0}, {"quene", "queen", 1}, {"micheal", "michael", 1}, {"jakson", "jackson", 1}, {"nirvna", "nirvana", 1}, {"rapsodie", "rhapsody", 3}, {"", "ab", 2}} {
		if got := distance([]byte(c.a), []byte(c.b), 2); got != c.want {
			t.Errorf("distance %q %q is %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestStem(t *testing.T) {
	t.Parallel()
	for _, group := range []string{"dance dances danced dancing", "cry cries cried", "believe believin believing", "run running runs", "kiss kisses kissed", "whistle whistling whistled", "church churches"} {
		words := strings.Fields(group)
		for _, w := range words {
			if stemString(w) != stemString(words[0]) {
				t.Errorf("%q is %q, %q is %q", w, stemString(w), words[0], stemString(words[0]))
			}
		}
	}
}

// FuzzFind: whatever is said, in any turn, the search ends with at most five
// candidates, sane confidences and no panic.
func FuzzFind(f *testing.F) {
	x := New()
	x.Upsert(someSongs()...)
	for _, s := range []string{"lantern street", "not by 'queen' in '85", "late 70s", "…“”\x00\xff", "no, older than that", strings.Repeat("rain not ", 400), "さくら 年 20 years ago"} {
		f.Add(s, "earlier "+s, "Is it "+s+" or the 90s?")
	}
	f.Fuzz(func(t *testing.T, text, earlier, asked string) {
		q := recall.Query{Text: text, Known: recall.Known{Earlier: []string{earlier, text}, Asked: []string{asked, asked}, Avoid: []recall.Offer{{Title: earlier}}}}
		got, err := Provider{x}.Find(context.Background(), q)
		if err != nil || len(got.Candidates) > defaultLimit {
			t.Fatalf("%d candidates, %v", len(got.Candidates), err)
		}
		for _, c := range got.Candidates {
			if c.Confidence < 0 || c.Confidence > 1 || c.Title == "" || c.Reason == "" || c.Key == "" {
				t.Fatalf("candidate %+v", c)
			}
		}
	})
}

// TestBoundedWork: of a very long text only the first words are read.
func TestBoundedWork(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("falsetto rainstorm wanderers ", 600)
	if n := len(tokenise(text)); n > maxTokens+2 {
		t.Errorf("%d tokens", n)
	}
	snap := someProvider(t).Index.now.Load()
	var long strings.Builder
	for i := range 1000 {
		long.WriteString(strings.Repeat(string(rune('a'+i%26)), 1+i%7) + " ")
	}
	turns := readTurns(recall.Query{Text: long.String(), Known: recall.Known{Earlier: []string{long.String(), text}}}, 2025, snap)
	if q := newQuery(snap, turns); len(q.units) > 4*maxUnits {
		t.Errorf("%d units", len(q.units))
	}
}
