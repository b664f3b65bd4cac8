package recall

import (
	"slices"
	"strings"
	"testing"

	"recall/actors/provider/fault"
	"recall/wire"
)

// ears3 are the recognizers' answers, in the order shazam, acrcloud, audd.
func hears(intent wire.Intent, seconds float64, songs ...any) outside {
	o := outside{heard: "hm", wants: intends(intent), seconds: seconds, sources: []Finding{{}}}
	for i, s := range songs {
		o.ears = append(o.ears, ear{[]string{"shazam", "acrcloud", "audd"}[i], s})
	}
	return o
}

func one(title string, confidence float64) []wire.Candidate {
	return some(song(title, confidence, title))
}

func TestWhoIsBelieved(t *testing.T) {
	t.Parallel()
	hum, music := wire.IntentHumming, wire.IntentBackground
	for name, c := range map[string]struct {
		services outside
		first    string // of the candidates
		sure     bool   // answered at once, nobody else asked
	}{
		"a hum is ACRCloud's":                     {hears(hum, 5, one("Shazam", 0.8), one("ACR", 0.75)), "ACR", true},
		"music is Shazam's":                       {hears(music, 5, one("Shazam", 0.75), one("ACR", 0.8)), "Shazam", true},
		"ten seconds are a fragment":              {hears(hum, 10, one("Shazam", 0.8), one("ACR", 0.75)), "ACR", true},
		"more than ten are a song":                {hears(hum, 10.1, one("Shazam", 0.75), one("ACR", 0.8)), "Shazam", true},
		"clearly better":                          {hears(music, 5, one("Shazam", 0.6), one("ACR", 0.7)), "ACR", true},
		"not clearly better, and not sure":        {hears(music, 5, one("Shazam", 0.65), one("ACR", 0.74)), "ACR", false}, // both are guesses; the surer one leads
		"alone with 0.8":                          {hears(music, 5, some(), one("ACR", 0.8)), "ACR", true},
		"alone with less is a guess":              {hears(music, 5, some(), one("ACR", 0.79)), "ACR", false},
		"the preferred one failed":                {hears(music, 5, errDown, one("ACR", 0.7)), "ACR", true},
		"the preferred two failed":                {hears(hum, 5, one("Shazam", 0.7), errDown, errLate), "Shazam", true},
		"two agree, and are not sure":             {hears(hum, 5, one("One", 0.5), one("One", 0.5)), "One", false},
		"0.7 is sure":                             {hears(hum, 5, some(), one("ACR", 0.7)), "ACR", true},
		"0.69 is not":                             {hears(hum, 5, some(), one("ACR", 0.69)), "ACR", false},
		"an artist's second best does not matter": {hears(hum, 5, some(), some(song("ACR", 0.9), song("Other", 0.95))), "ACR", true},
	} {
		got := c.services.resolve(t, voice())
		searched := slices.ContainsFunc(got.effects, func(e any) bool { _, is := e.(lookUp); return is })
		if len(got.done.Candidates) == 0 || got.done.Candidates[0].Title != c.first || searched == c.sure || got.deaf != c.sure {
			t.Errorf("%s: %s, asked %s: %v", name, got, got.wanted(), names(got.done.Candidates))
		}
		if c.sure && (got.done.Status != wire.StatusDone || got.done.Answer == nil) {
			t.Errorf("%s: %+v", name, got.done)
		}
	}
}

// A song that is sure is told while others are still listening; those are stopped.
func TestEarlyAnswer(t *testing.T) {
	t.Parallel()
	o := hears(wire.IntentHumming, 5, one("Shazam", 0.9), one("ACR", 0.7), errDown)
	last := func(n int) int { return min(n-1, 1) } // of the recognizers, ACRCloud's report comes first
	c := o.play(t, voice(), last)
	if c.late != 2 || !c.deaf || c.done.Status != wire.StatusDone || !slices.Equal(names(c.done.Candidates), []string{"ACR"}) || len(c.done.Degraded) != 0 {
		t.Errorf("%d late, deaf %v: %+v", c.late, c.deaf, c.done)
	}
	// The preferred one is waited for: only it decides.
	c = o.play(t, voice(), inOrder)
	if c.late != 1 || c.done.Candidates[0].Title != "Shazam" {
		t.Errorf("%d late: %v", c.late, names(c.done.Candidates))
	}
}

func TestWhatWasRejectedIsNoAnswer(t *testing.T) {
	t.Parallel()
	history := []*wire.Posting{gave("Wrong", 0.9, wire.Rejected), gave("Before", 0.9, "")}
	o := hears(wire.IntentHumming, 5, one("Right", 0.85), one("wrong (Remastered)", 0.95))
	if c := o.resolve(t, voice(history...)); !slices.Equal(names(c.done.Candidates), []string{"Right"}) || c.done.Status != wire.StatusDone {
		t.Errorf("%s: %+v", c, c.done)
	}
	o = hears(wire.IntentHumming, 5, some(), one("Wrong", 0.95))
	if c := o.resolve(t, voice(history...)); len(c.done.Candidates) != 0 || c.done.Status != wire.StatusNoMatch || len(c.done.Degraded) != 0 || !strings.HasSuffix(c.wanted(), "lookUp") {
		t.Errorf("%s: %+v", c, c.done)
	}
	// One that the thread has already is named, and not offered again, even where
	// another recognizer is surer of another song.
	o = hears(wire.IntentBackground, 5, one("Before", 0.75), one("Other", 0.8))
	second := func(n int) int { return min(n-1, 1) }
	if c := o.play(t, voice(history...), second); !slices.Equal(names(c.done.Candidates), []string{"Other"}) || !strings.Contains(c.done.Answer.Text, "“Before”") {
		t.Errorf("%s: %+v", c, c.done)
	}
	o = hears(wire.IntentHumming, 5, some(), one("Before", 0.95))
	if c := o.resolve(t, voice(history...)); len(c.done.Candidates) != 0 || c.done.Status != wire.StatusDone || c.done.Answer.Text != "That fits the one from before: “Before” by Singer." {
		t.Errorf("%s: %+v", c, c.done)
	}
}

func TestNoEarsAtAll(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*outside)
		lack   string
	}{
		"not to be decoded": {func(o *outside) { o.decoded = &fault.Fault{Class: fault.BadInput, Reason: "unsupported_format"} }, "shazam:unsupported_format acrcloud:unsupported_format"},
		"no decoder":        {func(o *outside) { o.mute = true }, "acrcloud:not_configured shazam:not_configured"},
		"nobody configured": {func(o *outside) { o.ears = nil }, "acrcloud:not_configured shazam:not_configured"},
		"all are down":      {func(o *outside) { o.ears[0].songs, o.ears[1].songs = errDown, errLate }, "shazam:unavailable acrcloud:timeout"},
		"told to stop":      {func(o *outside) { o.ears[0].songs, o.ears[1].songs = errStopped, errStopped }, ""},
		"no match":          {func(o *outside) { o.ears[0].songs, o.ears[1].songs = some(), some() }, ""},
	} {
		o := hears(wire.IntentHumming, 5, one("A", 0.9), one("B", 0.9))
		o.sources = catalogFinds
		c.change(&o)
		got := o.resolve(t, voice())
		if got.lacking() != c.lack || !slices.Equal(names(got.done.Candidates), []string{"Found"}) {
			t.Errorf("%s: %q, %s", name, got.lacking(), got)
		}
	}
}
