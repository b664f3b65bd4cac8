package services

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

const testSchema = `{"type":"object","additionalProperties":false,
 "properties":{
  "response_type":{"type":"string","enum":["search","answer","both"]},
  "overall_confidence":{"type":"number"},
  "candidates":{"type":"array","maxItems":5,"items":{"$ref":"#/$defs/song"}},
  "answer":{"type":["object","null"],"additionalProperties":false,"properties":{"text":{"type":"string"},"related":{"type":"array","items":{"type":"string"}}},"required":["text","related"]},
  "follow_up":{"type":["string","null"]},"should_ask_crowd":{"type":"boolean"},"crowd_prompt":{"anyOf":[{"type":"null"},{"type":"string"}]},
  "strange_thing":{"type":"integer"}},
 "required":["response_type","overall_confidence","candidates","answer","follow_up","should_ask_crowd","crowd_prompt","strange_thing"],
 "$defs":{"song":{"type":"object","additionalProperties":false,
  "properties":{"title":{"type":"string"},"artist":{"type":"string"},"confidence":{"type":"number"},"reason":{"type":"string"},"background":{"type":"string"},"lyric":{"type":["string","null"]},
   "sources":{"type":"array","items":{"type":"object","additionalProperties":false,"properties":{"label":{"type":"string"},"url":{"type":"string"}},"required":["label","url"]}}},
  "required":["title","artist","confidence","reason","background","lyric","sources"]}}}`

func ask(words string, more ...map[string]any) map[string]any {
	messages := []any{map[string]any{"role": "system", "content": "Name songs, such as \"Imagine\" by John Lennon."}}
	for _, m := range more {
		messages = append(messages, m)
	}
	messages = append(messages, map[string]any{"role": "user", "content": words})
	return map[string]any{
		"model": "gpt-4o", "messages": messages,
		"response_format": map[string]any{"type": "json_schema", "json_schema": map[string]any{"name": "answer", "strict": true, "schema": json.RawMessage(testSchema)}},
	}
}

type result struct {
	ResponseType string  `json:"response_type"`
	Overall      float64 `json:"overall_confidence"`
	Candidates   []struct {
		Title, Artist, Reason, Background string
		Confidence                        float64
		Sources                           []struct{ Label, URL string }
	}
	Answer *struct {
		Text    string
		Related []string
	}
	FollowUp  *string `json:"follow_up"`
	Crowd     bool    `json:"should_ask_crowd"`
	CrowdText *string `json:"crowd_prompt"`
}

func resultOf(t *testing.T, content string) (r result) {
	t.Helper()
	if err := json.Unmarshal([]byte(content), &r); err != nil {
		t.Fatalf("%v in %s", err, content)
	}
	return r
}

func contentOf(t *testing.T, a answered) string {
	t.Helper()
	var body struct {
		Choices []struct {
			Message struct{ Content string }
		}
	}
	if err := json.Unmarshal([]byte(a.body), &body); err != nil || a.status != 200 || len(body.Choices) != 1 {
		t.Fatalf("%d %v %s", a.status, err, a.body)
	}
	return body.Choices[0].Message.Content
}

func TestAnswersFitTheSchema(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	for _, c := range []struct {
		name, words, first string
		crowd              bool
	}{
		{"described", "80s, Norwegian band, very high voice", "Take On Me", false},
		{"a line of it", "the one that goes here we are now entertain us", "Smells Like Teen Spirit", false},
		{"nothing known", "zebra xylophone quartz", "", true},
		{"evidence", "which one?\n- Obscure Tune – Nobody Famous (0.4)", "Obscure Tune", true},
		{"evidence as JSON", `candidates: [{"title":"Hidden Gem","artist":"Some Band","confidence":0.5}]`, "Hidden Gem", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			content := contentOf(t, send(t, chatRequest(enough(t), t, s, ask(c.words))))
			r := resultOf(t, content)
			first := ""
			if len(r.Candidates) > 0 {
				first = r.Candidates[0].Title
				if src := r.Candidates[0].Sources; len(src) != 1 || !strings.HasPrefix(src[0].URL, "https://") || r.Candidates[0].Reason == "" {
					t.Errorf("candidate: %+v", r.Candidates[0])
				}
			}
			if first != c.first || r.Crowd != c.crowd || (r.CrowdText != nil) != c.crowd {
				t.Errorf("%s", content)
			}
			if n := len(strings.Fields(r.Answer.Text)); n < 40 || n > 80 {
				t.Errorf("%d words: %s", n, r.Answer.Text)
			}
			if names := keysInOrder([]byte(content)); !slices.Equal(names, []string{"response_type", "overall_confidence", "candidates", "answer", "follow_up", "should_ask_crowd", "crowd_prompt", "strange_thing"}) {
				t.Errorf("order: %v", names)
			}
		})
	}
}

func TestRejectedSongsAreNotOffered(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	note := map[string]any{"role": "system", "content": "Rejected, never offer:\n- Take On Me – a-ha\n"}
	r := resultOf(t, contentOf(t, send(t, chatRequest(enough(t), t, s, ask("80s synth-pop, Norwegian band, orange hair", note)))))
	if len(r.Candidates) == 0 {
		t.Fatal("no candidates")
	}
	for _, c := range r.Candidates {
		if c.Title == "Take On Me" {
			t.Error("a rejected song is offered")
		}
	}
}

func TestQuestionsAreNotRepeated(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	asked := map[string]any{"role": "assistant", "content": questions[0]}
	r := resultOf(t, contentOf(t, send(t, chatRequest(enough(t), t, s, ask("zebra quartz", asked)))))
	if r.FollowUp == nil || *r.FollowUp == questions[0] {
		t.Errorf("follow-up %v", r.FollowUp)
	}
}

func TestIntents(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"[music]": "background_audio", "La la la la, la la la": "humming", "hmm hmm hmm": "humming", "who wrote Imagine": "information",
		"what is this song about?": "information", "find the song with the high voice": "find_song", "what's the song that goes la": "find_song",
		"thank you so much": "conversation", "write me a song about rain": "generate_song", "": "unclear", "80s Norwegian band with a high voice": "find_song",
	} {
		if got, _ := intentOf(words); got != want {
			t.Errorf("%q: %s, want %s", words, got, want)
		}
	}
}

// What the person said is found within the data that a program puts around it.
func TestWordsWithinData(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]string{
		`plain words`: "plain words", `{"transcript":"thanks"}`: "thanks", `{"conversation":[{"text":"a"}],"question":"and now?"}`: "and now?",
		`{"evidence":[]}`: `{"evidence":[]}`, `{"question":7,"text":"x"}`: "x", `["x"]`: `["x"]`,
	} {
		if got := saidIn(message); got != want {
			t.Errorf("%s: %s", message, got)
		}
	}
	s := start(t, Options{})
	data := `{"question":"xyzzy","conversation":[{"from":"person","text":"` + strings.Repeat("long ago ", 200) + `"}]}`
	r := resultOf(t, contentOf(t, send(t, chatRequest(enough(t), t, s, ask(data)))))
	if r.CrowdText == nil || *r.CrowdText != "Does anybody know this one? xyzzy" {
		t.Errorf("%+v", r)
	}
}

func TestIntentModelFillsItsSchema(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	body := ask("who wrote Imagine")
	body["model"] = "gpt-4o-mini"
	body["response_format"] = map[string]any{"type": "json_schema", "json_schema": map[string]any{"name": "intent", "schema": json.RawMessage(
		`{"type":"object","properties":{"intent":{"enum":["conversation","information","find_song"]},"confidence":{"type":"number"},"title":{"type":["string","null"]},"artist":{"type":["string","null"]}}}`)}}
	content := contentOf(t, send(t, chatRequest(enough(t), t, s, body)))
	if content != `{"intent":"information","confidence":0.9,"title":"Imagine","artist":null}` {
		t.Error(content)
	}
	if s.Calls(GPT4oMini) != 1 || s.Calls(GPT4o) != 0 {
		t.Errorf("counts %v", s.Counts())
	}
}

func TestStrictSchemasAreChecked(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	for name, schema := range map[string]string{
		"open object":      `{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}`,
		"not all required": `{"type":"object","additionalProperties":false,"properties":{"a":{"type":"string"}},"required":[]}`,
		"no object":        `"text"`,
	} {
		body := ask("hello")
		body["response_format"] = map[string]any{"type": "json_schema", "json_schema": map[string]any{"name": "x", "strict": true, "schema": json.RawMessage(schema)}}
		if a := send(t, chatRequest(enough(t), t, s, body)); a.status != 400 || !strings.Contains(a.body, "Invalid schema") {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
}

func TestPicturesAreDescribed(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	look := func(picture []byte) string {
		body := map[string]any{"model": "gpt-4o", "messages": []any{map[string]any{"role": "user", "content": []any{
			map[string]any{"type": "text", "text": "which album is this?"},
			map[string]any{"type": "image_url", "image_url": map[string]any{"url": "data:image/png;base64," + base64.StdEncoding.EncodeToString(picture), "detail": "low"}},
		}}}}
		return contentOf(t, send(t, chatRequest(enough(t), t, s, body)))
	}
	if text := look(Picture("album:Hunting High and Low")); !strings.Contains(text, "a-ha") || !strings.Contains(text, "Take On Me") {
		t.Error(text)
	}
	if text := look([]byte("no picture that anybody can open")); !strings.HasPrefix(text, "(demo)") {
		t.Error(text)
	}
	other := []byte("some picture")
	s.Script(hashOf(other), "album:Thriller")
	if text := look(other); !strings.Contains(text, "Michael Jackson") {
		t.Error(text)
	}
}

func TestAnswersNameNoMoreSongsThanOptionsSay(t *testing.T) {
	t.Parallel()
	const words = "80s eighties pop song by Michael Jackson with zombies, or a synth band"
	for _, c := range []struct{ most, want int }{{0, 5}, {2, 2}, {9, 5}} {
		s := start(t, Options{Candidates: c.most})
		if r := resultOf(t, contentOf(t, send(t, chatRequest(enough(t), t, s, ask(words))))); len(r.Candidates) != c.want {
			t.Errorf("at most %d: %d songs", c.most, len(r.Candidates))
		}
	}
}
