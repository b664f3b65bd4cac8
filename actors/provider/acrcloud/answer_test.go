package acrcloud

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"recall/wire"
)

// match is the answer of PROVIDERS.md, B4, with what its dots leave out filled in.
const match = `{"status":{"msg":"Success","code":0,"version":"1.0"},"cost_time":0.70,"result_type":0,
"metadata":{"timestamp_utc":"2020-01-19 02:58:28","music":[{"acrid":"6049f11da7095e8bb8266871d4a70873","title":"Hello","score":100,
"result_from":3,"artists":[{"name":"Adele","langs":[{"code":"zh-Hans","name":"阿黛尔"}]}],"album":{"name":"Hello"},"duration_ms":295000,
"release_date":"2015-10-23","label":"XL Recordings","genres":[{"name":"Pop"}],"language":"en","play_offset_ms":9040,
"external_ids":{"isrc":"GBBKS1500214","upc":"886445581959"},
"external_metadata":{"spotify":{"track":{"id":"0ENSn4fwAbCGeFGVUbXEU3","name":"Hello"}},"deezer":{"track":{"id":"110265034"}},
"youtube":{"vid":"YQHsXMglC9A"},"musicbrainz":[{"track":{"id":"x"}}]},
"rights_claim":[{"rights_owners":[{"name":"y","share_percentage":100.0}]}]}],
"humming":[{"acrid":"2167d4c8d51d2944881be2fc128372f6","title":"As Long As You Love Me","score":"0.88","artists":[{"name":"Backstreet Boys"}],
"album":{"name":"Beautiful"},"external_ids":{},"external_metadata":{"youtube":{"vid":"0Gl2QnHNpkA"}}}]}}`

func TestTheAnswerOfTheDocument(t *testing.T) {
	t.Parallel()
	got, err := ask(t, service(t, 200, match, nil))
	want := []wire.Candidate{{
		Key: "isrc:GBBKS1500214", Title: "Hello", Artist: "Adele", Album: "Hello", Year: 2015, ISRC: "GBBKS1500214", Confidence: 1,
		Reason:     "The sound of the recording matches.",
		SourceURLs: []string{"https://open.spotify.com/track/0ENSn4fwAbCGeFGVUbXEU3", "https://www.youtube.com/watch?v=YQHsXMglC9A", "https://www.deezer.com/track/110265034"},
		Sources:    []string{"acrcloud"},
	}, {
		Key: "as long as you love me|backstreet boys", Title: "As Long As You Love Me", Artist: "Backstreet Boys", Album: "Beautiful", Confidence: 0.88,
		Reason: "The melody matches.", SourceURLs: []string{"https://www.youtube.com/watch?v=0Gl2QnHNpkA"}, Sources: []string{"acrcloud"},
	}}
	if err != nil || cmp.Diff(want, got) != "" {
		t.Error(err, cmp.Diff(want, got))
	}
}

// of decodes a successful answer with this metadata.
func of(t *testing.T, metadata string) []wire.Candidate {
	t.Helper()
	a, code, err := decode([]byte(`{"status":{"code":0},"metadata":` + metadata + `}`))
	if err != nil || code != success {
		t.Fatal(code, err)
	}
	return a.candidates()
}

func TestScoresOfEveryType(t *testing.T) {
	t.Parallel()
	for score, want := range map[string]float64{
		`100`: 1, `70`: 0.7, `"85"`: 0.85, `92.5`: 0.925, `"0.88"`: 0.88, `0.5`: 0.5, `1`: 1, `"1.0"`: 1, `0`: 0, `-3`: 0, `5000`: 1,
		`null`: 0, `"x"`: 0, `"NaN"`: 0, `{}`: 0, `[]`: 0, `true`: 0,
	} {
		for _, list := range []string{"music", "humming"} {
			got := of(t, `{"`+list+`":[{"title":"A","score":`+score+`}]}`)
			if len(got) != 1 || math.Abs(got[0].Confidence-want) > 1e-9 {
				t.Errorf("%s %s: %v, want %v", list, score, got, want)
			}
		}
	}
}

// TestFieldsOfEveryType: none of these loses the song.
func TestFieldsOfEveryType(t *testing.T) {
	t.Parallel()
	for name, fields := range map[string]string{
		"arrays":   `"external_ids":{"isrc":["GBBKS1500214","X"]},"external_metadata":{"spotify":[{"track":{"id":"sp"}}],"youtube":[{"vid":"yt"}],"deezer":[{"track":{"id":7}}]}`,
		"numbers":  `"external_ids":{"isrc":"GBBKS1500214","upc":886445581959},"external_metadata":{"spotify":{"track":{"id":"sp"}},"youtube":{"vid":"yt"},"deezer":{"track":{"id":7}}},"play_offset_ms":"0"`,
		"mistakes": `"genres":"Pop","album":"Hello","duration_ms":"x","external_ids":{"isrc":"GBBKS1500214"},"external_metadata":{"musicbrainz":5,"spotify":{"track":{"id":"sp"},"artists":{}},"youtube":{"vid":"yt"},"deezer":{"track":{"id":"7"}}},"release_date":{}`,
	} {
		got := of(t, `{"music":[{"title":"Hello","artists":[{"name":"Adele"}],"score":90,`+fields+`}],"custom_files":[{"title":"ours"}],"streams":1}`)
		links := []string{"https://open.spotify.com/track/sp", "https://www.youtube.com/watch?v=yt", "https://www.deezer.com/track/7"}
		if len(got) != 1 || got[0].ISRC != "GBBKS1500214" || got[0].Artist != "Adele" || cmp.Diff(links, got[0].SourceURLs) != "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestWhatIsNoSong(t *testing.T) {
	t.Parallel()
	for _, metadata := range []string{
		`null`, `{}`, `[]`, `"x"`, `{"music":null}`, `{"music":[]}`, `{"music":"x","humming":7}`, `{"music":[null,3,"x",[],{}]}`,
		`{"music":[{"title":"","score":99}]}`, `{"custom_files":[{"title":"jingle","score":100}]}`,
	} {
		if got := of(t, metadata); len(got) != 0 {
			t.Errorf("%s: %+v", metadata, got)
		}
	}
	if got := of(t, `{"music":{"title":"Alone","artists":{"name":"A"},"score":80}}`); len(got) != 1 || got[0].Artist != "A" {
		t.Errorf("an only element: %+v", got)
	}
}

// TestTheOrder: by score, recordings before melodies, each song once, five at most,
// and no address that an id has broken out of.
func TestTheOrder(t *testing.T) {
	t.Parallel()
	got := of(t, `{"humming":[{"title":"H1","score":0.8},{"title":"H2","score":0.95},{"title":"Same (Remastered)","score":0.99}],
		"music":[{"title":"M1","score":80},{"title":"M2","score":70},{"title":"Same","score":99,"external_ids":{"isrc":"GBBKS1500214"}},
		{"title":"M3","score":71,"external_metadata":{"youtube":{"vid":"../../x?y"}}},{"title":"Same","score":98,"external_ids":{"isrc":"GBBKS1500215"}}]}`)
	var titles []string
	for _, c := range got {
		titles = append(titles, c.Title)
	}
	if s := strings.Join(titles, " "); s != "Same H2 M1 H1 M3" || got[0].Reason != "The sound of the recording matches." {
		t.Error(s, got)
	}
	if len(got[4].SourceURLs) != 0 {
		t.Error(got[4].SourceURLs)
	}
}

// FuzzAnswer: whatever the service sends, there are at most five songs, in order,
// each with a title, and a confidence from 0 to 1.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte(match))
	f.Add([]byte(`{"status":{"code":"0"},"metadata":{"music":{"title":["a"],"score":"88","external_ids":[]}}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		a, _, err := decode(body)
		if err != nil {
			return
		}
		all := a.candidates()
		if len(all) > mostCandidates {
			t.Error(len(all))
		}
		for i, c := range all {
			if c.Title == "" || c.Key == "" || !(c.Confidence >= 0 && c.Confidence <= 1) || i > 0 && c.Confidence > all[i-1].Confidence {
				t.Errorf("%+v", all)
			}
		}
		if _, err := json.Marshal(all); err != nil {
			t.Error(err)
		}
	})
}
