package recall

import (
	"strings"
	"testing"

	"recall/wire"
)

var catalogFinds = []Finding{{Candidates: some(song("Found", 0.5, "catalog")), FollowUp: "Which decade?"}}

func TestVoiceIsWrittenDown(t *testing.T) {
	t.Parallel()
	const words = "a woman sings about rain"
	find := intends(wire.IntentFindSong)
	for name, c := range map[string]struct {
		services          outside
		events, lack, ask string
	}{
		"and understood": {
			outside{heard: words, wants: find, sources: catalogFinds},
			"transcribing transcript:so far:false heard:a woman sings about rain transcript:a woman sings about rain:true understanding intent:find_song searching Found.1 question",
			"", "open transcribe understand lookUp",
		},
		"and the rules understand": {
			outside{heard: words, sources: catalogFinds},
			"transcribing transcript:so far:false heard:a woman sings about rain transcript:a woman sings about rain:true understanding intent:find_song searching Found.1 question",
			"", "open transcribe lookUp",
		},
		"and the model is away": {
			outside{heard: words, wants: errLate, sources: catalogFinds},
			"transcribing transcript:so far:false heard:a woman sings about rain transcript:a woman sings about rain:true understanding intent:find_song searching Found.1 question",
			"gpt-4o-mini:timeout", "open transcribe understand lookUp",
		},
		"which fails, and the sound is known": {
			outside{heard: errDown, wants: find, ears: []ear{{"shazam", some(song("Hit", 0.9, "shazam"))}}},
			"transcribing transcript:so far:false understanding intent:background_audio recognizing Hit.1 answering delta delta answer",
			"whisper:unavailable", "open transcribe decode recognize",
		},
		"which fails, and nobody else listens": {
			outside{heard: errDown},
			"transcribing transcript:so far:false understanding intent:background_audio question",
			"whisper:unavailable acrcloud:not_configured shazam:not_configured", "open transcribe",
		},
		"which nobody can": {
			outside{wants: find, ears: []ear{{"acrcloud", some()}}},
			"transcribing understanding intent:background_audio recognizing question",
			"whisper:not_configured", "open decode recognize",
		},
		"of which there is nothing": {
			outside{heard: "  ", wants: find, ears: []ear{{"acrcloud", some()}}},
			"transcribing transcript:so far:false transcript::true understanding intent:background_audio recognizing question",
			"", "open transcribe decode recognize",
		},
		"which is music": {
			outside{heard: "[Music]", wants: find, ears: []ear{{"acrcloud", some()}}, sources: catalogFinds},
			"transcribing transcript:so far:false heard:[Music] transcript:[Music]:true understanding intent:background_audio recognizing question",
			"", "open transcribe decode recognize",
		},
	} {
		got := c.services.resolve(t, voice())
		if got.String() != c.events || got.lacking() != c.lack || got.wanted() != c.ask {
			t.Errorf("%s:\n%s\n%q, asked %s", name, got, got.lacking(), got.wanted())
		}
	}
}

func TestTranscriptOfTheDeviceIsTaken(t *testing.T) {
	t.Parallel()
	all := outside{heard: "never", wants: intends(wire.IntentFindSong), ears: []ear{{"shazam", some(song("Hit", 0.9, "shazam"))}}, sources: catalogFinds}
	job := voice()
	job.Input.Text, job.Input.EditedTranscript = "a woman thinks about rain", "a woman sings about rain"
	c := all.resolve(t, job)
	if c.wanted() != "understand lookUp" || !strings.HasPrefix(c.String(), "transcript:a woman sings about rain:true understanding") {
		t.Errorf("%s, asked %s", c, c.wanted())
	}
	// The recording is opened when its sound is needed after all.
	job.Input.EditedTranscript = "what is this song"
	if c = all.resolve(t, job); c.wanted() != "understand open decode recognize" || c.done.Status != wire.StatusDone {
		t.Errorf("%s, asked %s", c, c.wanted())
	}
	all.clip = errDown
	if c = all.resolve(t, job); c.wanted() != "understand open lookUp" || c.lacking() != "media:unavailable" {
		t.Errorf("%s, asked %s, lacks %s", c, c.wanted(), c.lacking())
	}
}

func TestMediaThatCannotBeReadFails(t *testing.T) {
	t.Parallel()
	for _, job := range []Job{voice(), picture("")} {
		c := outside{heard: "x", seen: "x", clip: errDown}.play(t, job, inOrder)
		failed, ok := c.end.(*wire.RecallFailed)
		if !ok || failed.Code != wire.CodeUnavailable || !failed.Retryable || failed.Degraded[0] != (wire.Degraded{Provider: "media", Reason: "unavailable"}) {
			t.Errorf("%+v", c.end)
		}
	}
}

// The sound is asked when the words say too little, and only then.
func TestNeedsEars(t *testing.T) {
	t.Parallel()
	question := []*wire.Posting{said("a slow song here"), asked("Was it a woman?")}
	for name, c := range map[string]struct {
		words   string
		model   any
		history []*wire.Posting
		ears    bool
	}{
		"humming":                         {"whatever it says here", intends(wire.IntentHumming), nil, true},
		"background":                      {"whatever it says here", intends(wire.IntentBackground), nil, true},
		"unclear":                         {"whatever it says here", intends(wire.IntentUnclear), nil, true},
		"information":                     {"who wrote it", intends(wire.IntentInformation), nil, false},
		"a song with words to go by":      {"find the song with yellow submarine", intends(wire.IntentFindSong), nil, false},
		"two words are few":               {"find the song yellow submarine", intends(wire.IntentFindSong), nil, true},
		"nothing but the request":         {"hey, what is this song called please", intends(wire.IntentFindSong), nil, true},
		"by rules: la la":                 {"la la la", nil, nil, true},
		"by rules: the request":           {"What is this song?", nil, nil, true},
		"by rules: in German":             {"Wie heißt dieses Lied?", nil, nil, true},
		"by rules: in Spanish":            {"¿Cómo se llama esta canción?", nil, nil, true},
		"by rules: in French":             {"c'est quoi cette chanson", nil, nil, true},
		"by rules: in Italian":            {"come si chiama questa canzone", nil, nil, true},
		"by rules: in Portuguese":         {"qual é o nome dessa música", nil, nil, true},
		"by rules: in Russian":            {"Что это за песня?", nil, nil, true},
		"by rules: in Japanese":           {"この曲は何ですか", nil, nil, true},
		"by rules: a story in German":     {"ein Lied über neunundneunzig Luftballons", nil, nil, false},
		"by rules: who sings, in Spanish": {"quién canta despacito", nil, nil, false},
		"an answer, by rules":             {"the seventies", nil, question, false},
		"yes, by rules":                   {"yes", nil, question, false},
		"yes, and the model errs":         {"yes", intends(wire.IntentUnclear), question, false},
		"a hum is no answer":              {"hm hm hm hm", nil, question, true},
		"music is no answer":              {"[music] you", nil, question, true},
		"a request is no answer":          {"what is this song", nil, question, true},
	} {
		got := outside{heard: c.words, wants: c.model, ears: []ear{{"acrcloud", some()}}, sources: catalogFinds}.resolve(t, voice(c.history...))
		if listened := strings.Contains(got.wanted(), "recognize"); listened != c.ears {
			t.Errorf("%s: %s: asked %s", name, got, got.wanted())
		}
	}
}

func TestSmallTalkAndAnswers(t *testing.T) {
	t.Parallel()
	question := []*wire.Posting{said("a slow song here"), asked("Was it a woman?")}
	for words, c := range map[string]struct {
		history []*wire.Posting
		reply   string // begins so; "" searches
	}{
		"thanks":           {nil, "You are welcome"},
		"спасибо!":         {nil, "Пожалуйста"},
		"Obrigada":         {nil, "De nada"},
		"ok thanks":        {question, "You are welcome"},
		"hello":            {question, "Hello"},
		"Guten Morgen":     {nil, "Hallo"},
		"yes":              {nil, "You are welcome"},
		"Yes!":             {question, ""},
		"yes, thanks":      {question, ""},
		"no":               {question, ""},
		"the second":       {question, ""},
		"yeah, that's it!": {question, ""},
	} {
		got := outside{sources: catalogFinds}.resolve(t, job(words, c.history...))
		replied := ""
		if got.done.Answer != nil {
			replied = got.done.Answer.Text
		}
		if !strings.HasPrefix(replied, c.reply) || (c.reply == "") != (got.wanted() == "lookUp") {
			t.Errorf("%s: %q, %s", words, replied, got)
		}
	}
	made := outside{heard: "make me a song about cats", wants: intends(wire.IntentGenerateSong), draft: Draft{}, sources: catalogFinds}.resolve(t, voice())
	if made.done.ResponseType != wire.ResponseAnswer || made.wanted() != "open transcribe understand" {
		t.Errorf("%+v", made.done)
	}
}
