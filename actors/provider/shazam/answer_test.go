package shazam

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"recall/wire"
)

// match is the answer of PROVIDERS.md, B5.3.
const match = `{"matches":[{"id":"549952578","offset":21.953,"timeskew":-0.000020257,"frequencyskew":-0.00046}],
"location":{"accuracy":0.01},"timestamp":1700000000000,"timezone":"America/New_York","tagid":"C47D9FC2-4E39-4B88-B5B8-3B9D4E3CF4A3",
"track":{"layout":"5","type":"MUSIC","key":"549952578","title":"Song title","subtitle":"Artist name","isrc":"USUG12004076",
"artists":[{"id":"42","adamid":"479756766"}],"genres":{"primary":"R&B/Soul"},
"images":{"coverart":"https://example.com/400x400cc.jpg","joecolor":"b:0"},
"share":{"subject":"Title - Artist","href":"https://www.shazam.com/track/549952578/x","html":"x"},
"hub":{"type":"APPLEMUSIC","actions":[{"name":"apple","type":"applemusicplay","id":"1488408568"}]},
"sections":[{"type":"SONG","tabname":"Song","metapages":[{"caption":"x"}],"metadata":[{"title":"Album","text":"After Hours"},
{"title":"Label","text":"L"},{"title":"Released","text":"2020"}]},{"type":"LYRICS","text":["line 1","line 2"],"footer":"x"},{"type":"VIDEO"}],
"url":"https://www.shazam.com/track/549952578/y"}}`

func TestTheAnswerOfTheDocument(t *testing.T) {
	t.Parallel()
	got, err := ask(t, service(t, reply{status: 200, body: match}, nil))
	want := []wire.Candidate{{
		Key: "isrc:USUG12004076", Title: "Song title", Artist: "Artist name", Album: "After Hours", Year: 2020, ISRC: "USUG12004076",
		Confidence: 0.9, Reason: "The sound of the recording matches.", Background: "Genre: R&B/Soul.",
		SourceURLs: []string{"https://www.shazam.com/track/549952578/x"}, Sources: []string{"shazam"},
	}}
	if err != nil || cmp.Diff(want, got) != "" {
		t.Error(err, cmp.Diff(want, got))
	}
}

func TestConfidence(t *testing.T) {
	t.Parallel()
	for matches, want := range map[string]float64{
		`[{"timeskew":0,"frequencyskew":0}]`: 0.9,
		`[{}]`:                               0.9,
		`[{"timeskew":0.01,"frequencyskew":-0.01}]`:                   0.9,
		`[{"timeskew":-0.011,"frequencyskew":0}]`:                     0.75,
		`[{"timeskew":0,"frequencyskew":0.05}]`:                       0.75,
		`[{"timeskew":0.5},{"timeskew":0.0001,"frequencyskew":1e-5}]`: 0.9,
	} {
		got, err := decode([]byte(`{"matches":` + matches + `,"track":{"title":"A"}}`))
		if err != nil || len(got) != 1 || got[0].Confidence != want {
			t.Errorf("%s: %v %v, want %v", matches, got, err, want)
		}
	}
}

func TestWhatIsNoMatch(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		nothing, `{"matches":[]}`, `{"matches":[],"track":{"title":"A"}}`, `{"matches":[{}]}`, `{"matches":[{}],"track":null}`,
		`{"matches":[{}],"track":{"subtitle":"B"}}`, `{"tagid":"x"}`,
	} {
		if got, err := decode([]byte(body)); err != nil || len(got) != 0 {
			t.Errorf("%s: %v %v", body, got, err)
		}
	}
}

// TestOddFields: none of these loses the song.
func TestOddFields(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"track":{"title":"A","subtitle":"B"}}`,
		`{"matches":[{"timeskew":"x"}],"track":{"key":5,"title":"A","subtitle":"B","genres":[],"sections":{},"share":"s","url":"javascript:x"}}`,
		`{"matches":[{}],"track":{"title":"A","subtitle":"B","sections":[{"metadata":"x"},{"metadata":[7,{"title":1}]}]}}`,
	} {
		got, err := decode([]byte(body))
		if err != nil || len(got) != 1 || got[0].Key != "a|b" || len(got[0].SourceURLs) != 0 {
			t.Errorf("%s: %v %v", body, got, err)
		}
	}
}

// FuzzAnswer: whatever the service sends, it is a fault, nothing, or one whole
// candidate.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte(match))
	f.Add([]byte(nothing))
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := decode(body)
		if len(got) > 1 || err != nil && got != nil {
			t.Error(got, err)
		}
		for _, c := range got {
			if c.Title == "" || c.Key == "" || c.Confidence != sure && c.Confidence != unsure {
				t.Errorf("%+v", c)
			}
		}
	})
}
