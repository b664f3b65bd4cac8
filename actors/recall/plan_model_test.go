package recall

import (
	"slices"
	"strings"
	"testing"

	"recall/wire"
)

func offers1(c wire.Candidate) Piece { return Piece{Candidate: &c} }

func says(kind wire.ResponseType, confidence float64, text string, songs ...wire.Candidate) Draft {
	d := Draft{Type: kind, Confidence: confidence, Candidates: songs}
	if text != "" {
		d.Answer = &wire.Answer{Text: text, Sources: []string{"https://a.example"}}
	}
	return d
}

// What the model writes goes out while it is still writing.
func TestModelIsStreamed(t *testing.T) {
	t.Parallel()
	o := outside{
		sources: catalogFinds,
		told:    []Piece{offers1(song("Model", 0.8)), {Text: "I think "}, offers1(song("Found", 0.6)), {Text: "it is Model."}},
		draft:   says(wire.ResponseBoth, 0.8, "I think it is Model!", song("Model", 0.8), song("Found", 0.6)),
	}
	c := o.resolve(t, job("a woman sings of rain"))
	want := "understanding intent:find_song searching Found.1 answering Model.1 delta Found.2 delta answer"
	if c.String() != want || c.done.Answer.Text != "I think it is Model." || len(c.done.Answer.Sources) != 1 || !slices.Equal(names(c.done.Candidates), []string{"Model", "Found"}) {
		t.Errorf("%s: %+v", c, c.done)
	}
	if found := c.done.Candidates[1]; !slices.Equal(found.Sources, []string{"catalog", "gpt-4o"}) || found.Confidence <= 0.6 {
		t.Errorf("agreement is not heard: %+v", found)
	}
}

func TestModelFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		told     []Piece
		err      error
		status   wire.Status
		kind     wire.ResponseType
		answer   string
		songs    []string
		lack     string
		question string
	}{
		"before the first piece":    {nil, errDown, wire.StatusRefining, wire.ResponseSearch, "", []string{"Found"}, "gpt-4o:unavailable", "Which decade?"},
		"after a sure candidate":    {[]Piece{offers1(song("Model", 0.8))}, errLate, wire.StatusDone, wire.ResponseBoth, "That sounds like “Model” by Singer.", []string{"Model", "Found"}, "gpt-4o:timeout", ""},
		"after a few words":         {[]Piece{{Text: "I think "}}, errLate, wire.StatusRefining, wire.ResponseBoth, "I think ", []string{"Found"}, "gpt-4o:timeout", "Which decade?"},
		"after a candidate as well": {[]Piece{{Text: "It is"}, offers1(song("Model", 0.8))}, errDown, wire.StatusDone, wire.ResponseBoth, "It is", []string{"Model", "Found"}, "gpt-4o:unavailable", ""},
		"told to stop":              {nil, errStopped, wire.StatusRefining, wire.ResponseSearch, "", []string{"Found"}, "", "Which decade?"},
	} {
		got := outside{sources: catalogFinds, told: c.told, draft: c.err}.resolve(t, job("a woman sings of rain"))
		answer := ""
		if got.done.Answer != nil {
			answer = got.done.Answer.Text
		}
		if got.done.Status != c.status || got.done.ResponseType != c.kind || answer != c.answer || !slices.Equal(names(got.done.Candidates), c.songs) || got.lacking() != c.lack || got.done.FollowUp != c.question {
			t.Errorf("%s: %s: %+v", name, got, got.done)
		}
	}
	// Nobody is left.
	got := outside{sources: catalogFinds[:1], broken: errLate, draft: errDown}.resolve(t, job("a woman sings of rain"))
	if got.done.Status != wire.StatusNoMatch || got.lacking() != "catalog:timeout gpt-4o:unavailable" {
		t.Errorf("%+v", got.done)
	}
}

func TestHowARecallEnds(t *testing.T) {
	t.Parallel()
	history := []*wire.Posting{said("rain and drums here"), asked("Which decade?")}
	ask := func(d Draft, question string) Draft { d.FollowUp = question; return d }
	for name, c := range map[string]struct {
		draft    Draft
		status   wire.Status
		kind     wire.ResponseType
		sure     float64
		question string
		crowd    bool
	}{
		"sure":                          {ask(says(wire.ResponseSearch, 0.9, "", song("M", 0.9)), "Who?"), wire.StatusDone, wire.ResponseBoth, 0.9, "", false},
		"0.7 is sure":                   {ask(says(wire.ResponseSearch, 0.7, "", song("M", 0.7)), "Who?"), wire.StatusDone, wire.ResponseBoth, 0.7, "", false},
		"not sure":                      {ask(says(wire.ResponseSearch, 0.9, "", song("M", 0.65)), "Who?"), wire.StatusRefining, wire.ResponseSearch, 0.65, "Who?", false},
		"a guess":                       {says(wire.ResponseSearch, 0.9, "", song("M", 0.64)), wire.StatusRefining, wire.ResponseSearch, 0.64, "", true},
		"asked before":                  {ask(says(wire.ResponseSearch, 0.9, "", song("M", 0.65)), "which decade ?"), wire.StatusRefining, wire.ResponseSearch, 0.65, "", false},
		"nothing":                       {ask(says(wire.ResponseSearch, 0.9, ""), "Who?"), wire.StatusNoMatch, wire.ResponseSearch, 0, "Who?", true},
		"an answer":                     {ask(says(wire.ResponseAnswer, 0.8, "So it is."), "Who?"), wire.StatusDone, wire.ResponseAnswer, 0.8, "Who?", false},
		"an answer of doubt":            {says(wire.ResponseAnswer, 0.2, "Perhaps."), wire.StatusDone, wire.ResponseAnswer, 0.2, "", false},
		"an answer without a word":      {says(wire.ResponseAnswer, 0.9, ""), wire.StatusNoMatch, wire.ResponseSearch, 0, "", true},
		"an answer of a word in doubt":  {says(wire.ResponseSearch, 0.9, "Perhaps M.", song("M", 0.6)), wire.StatusRefining, wire.ResponseBoth, 0.6, "", true},
		"out of all bounds":             {says("", 7, "", song("M", 7)), wire.StatusDone, wire.ResponseBoth, 1, "", false},
		"offers what was rejected only": {says(wire.ResponseSearch, 0.9, "", song("Bad", 0.9)), wire.StatusNoMatch, wire.ResponseSearch, 0, "", true},
	} {
		got := outside{sources: []Finding{{}}, draft: c.draft}.resolve(t, job("from the nineties I think", append(history, gave("Bad", 0.5, wire.Rejected))...))
		d := got.done
		if d.Status != c.status || d.ResponseType != c.kind || d.OverallConfidence != c.sure || d.FollowUp != c.question || d.ShouldAskCrowd != c.crowd {
			t.Errorf("%s: %s: %+v", name, got, d)
		}
	}
}

// The model is told what the thread knows.
func TestBrief(t *testing.T) {
	t.Parallel()
	history := []*wire.Posting{
		said("a slow song"), gave("Low", 0.3, ""), gave("Bad", 0.9, wire.Rejected), asked("Which decade?"),
		{Role: wire.RoleSystem, Type: wire.TypeStatus, Text: "searching"}, said(""),
	}
	o := outside{sources: []Finding{{Candidates: some(song("Bad", 0.8), song("Low", 0.5), song("New", 0.4))}}, draft: Draft{}}
	b := o.resolve(t, job("from the nineties", history...)).brief(t)
	if b.Query.Text != "from the nineties" || b.Intent != wire.IntentFindSong || !slices.Equal(b.Query.Known.Earlier, []string{"a slow song"}) ||
		!slices.Equal(b.Query.Known.Asked, []string{"Which decade?"}) || !slices.Equal(titles(b.Query.Known.Avoid), []string{"Low", "Bad"}) {
		t.Errorf("%+v", b.Query)
	}
	if !slices.Equal(names(b.Found), []string{"New", "Low"}) || b.Song != nil || len(b.History) != 2 || !b.History[0].User || b.History[1].User {
		t.Errorf("%v, %+v", names(b.Found), b.History)
	}
}

// Facts are asked for: what the catalogue has by that name is no answer, unless
// there is no other.
func TestInformation(t *testing.T) {
	t.Parallel()
	hit := []Finding{{Candidates: some(song("Hallelujah", 0.9, "catalog"))}}
	c := outside{sources: hit, draft: says(wire.ResponseAnswer, 0.9, "Leonard Cohen wrote it.")}.resolve(t, job("who wrote Hallelujah"))
	if c.String() != "understanding intent:information searching answering delta answer" || len(c.done.Candidates) != 0 || len(c.brief(t).Found) != 1 {
		t.Errorf("%s: %+v", c, c.done)
	}
	c = outside{sources: hit, draft: says(wire.ResponseBoth, 0.9, "Leonard Cohen wrote it.")}.resolve(t, job("who wrote Hallelujah"))
	if c.done.ResponseType != wire.ResponseAnswer || c.done.Status != wire.StatusDone || c.done.ShouldAskCrowd {
		t.Errorf("%s: %+v", c, c.done)
	}
	c = outside{sources: hit, draft: says(wire.ResponseBoth, 0.9, "These.", song("Suzanne", 0.8))}.resolve(t, job("what else did Leonard Cohen write"))
	if !slices.Equal(names(c.done.Candidates), []string{"Suzanne"}) {
		t.Errorf("%s: %+v", c, c.done)
	}
	for _, draft := range []any{nil, errDown} {
		c = outside{sources: hit, draft: draft}.resolve(t, job("who wrote Hallelujah"))
		if c.done.Status != wire.StatusDone || c.done.Answer.Text != "“Hallelujah” by Singer." {
			t.Errorf("%s: %+v", c, c.done)
		}
	}
}

func TestPictures(t *testing.T) {
	t.Parallel()
	const shown = "An album cover that says HELLO."
	for name, c := range map[string]struct {
		text, events, lack, ask string
		services                outside
	}{
		"seen":            {"", "reading_image heard:" + shown + " intent:find_song searching Found.1 question", "", "open view lookUp", outside{seen: shown, sources: catalogFinds}},
		"with words":      {"a song of rain", "understanding intent:find_song searching Found.1 question", "", "lookUp", outside{seen: shown, sources: catalogFinds}},
		"with a request":  {"what song is this?", "reading_image intent:find_song searching Found.1 question", "", "open view lookUp", outside{seen: shown, sources: catalogFinds}},
		"a bare greeting": {"", "reading_image heard:Hello intent:find_song searching Found.1 question", "", "open view lookUp", outside{seen: "Hello", sources: catalogFinds}},
		"nothing seen":    {"", "reading_image intent:unclear question", "", "open view", outside{seen: " ", sources: catalogFinds}},
		"nobody sees":     {"", "reading_image intent:unclear question", "gpt-4o:not_configured", "open", outside{sources: catalogFinds}},
		"cannot see":      {"", "reading_image intent:unclear question", "gpt-4o:timeout", "open view", outside{seen: errLate, sources: catalogFinds}},
	} {
		got := c.services.resolve(t, picture(c.text))
		if got.String() != c.events || got.lacking() != c.lack || got.wanted() != c.ask {
			t.Errorf("%s:\n%s\n%q, asked %s", name, got, got.lacking(), got.wanted())
		}
		if len(got.done.Candidates) == 0 && (got.done.Status != wire.StatusNoMatch || !got.done.ShouldAskCrowd || !strings.Contains(got.done.FollowUp, "What does it show")) {
			t.Errorf("%s: %+v", name, got.done)
		}
	}
}
