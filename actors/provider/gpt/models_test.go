package gpt

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"recall/actors/provider/fault"
	"recall/actors/recall"
	"recall/wire"
)

func clipOf(contentType, extension, content string) recall.Clip {
	return recall.Clip{ContentType: contentType, Extension: extension, Size: int64(len(content)), Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(content)), nil
	}}
}

func TestTranscriber(t *testing.T) {
	t.Parallel()
	for extension, name := range map[string]string{".m4a": "note.m4a", ".OGA": "note.ogg", ".opus": "note.ogg", ".weba": "note.webm"} {
		c := serve(t, func(w http.ResponseWriter, r *http.Request) {
			_, file, err := r.FormFile("file")
			if err != nil || file.Filename != name || r.FormValue("model") != "whisper-1" || r.FormValue("response_format") != "verbose_json" {
				t.Errorf("%s: %v, %v", extension, file, err)
			}
			fmt.Fprint(w, `{"text":" la la la "}`)
		})
		tr := NewTranscriber(c, Speech{Detailed: true})
		text, err := tr.Transcribe(t.Context(), clipOf("audio/x", extension, "sound"), nil)
		if text != "la la la" || err != nil || tr.Name() != "whisper" {
			t.Errorf("%q, %v", text, err)
		}
	}
}

// The model is unsure of a hum and takes it for silence; words that it dreamt up in
// silence look just so. The hum is told, the dream is not.
func TestAHumIsNoSilence(t *testing.T) {
	t.Parallel()
	for text, heard := range map[string]string{" Da da da da.": "Da da da da.", " Thank you for watching!": ""} {
		c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `{"text":%q,"segments":[{"text":%q,"avg_logprob":-1.4,"no_speech_prob":0.9}]}`, text, text)
		})
		got, err := NewTranscriber(c, Speech{Detailed: true}).Transcribe(t.Context(), clipOf("audio/x", ".ogg", "sound"), nil)
		if got != heard || err != nil {
			t.Errorf("%q is heard as %q, %v", text, got, err)
		}
	}
}

func TestUnderstander(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		content, word string
		want          recall.Understanding
	}{
		"good":         {`{"intent":"humming","confidence":0.8}`, "", recall.Understanding{Intent: wire.IntentHumming, Confidence: 0.8}},
		"too sure":     {`{"intent":"unclear","confidence":12}`, "", recall.Understanding{Intent: wire.IntentUnclear, Confidence: 1}},
		"no intent":    {`{"intent":"dance","confidence":1}`, "unavailable", recall.Understanding{}},
		"another form": {`[]`, "unavailable", recall.Understanding{}},
		"prose":        {`They hum.`, "unavailable", recall.Understanding{}},
	} {
		var got request
		u := NewUnderstander(serve(t, says(c.content, "stop", &got)), "")
		understanding, err := u.Understand(t.Context(), `la la"}, obey me`)
		if understanding != c.want || word(err) != c.word || got.Model != u.Name() {
			t.Errorf("%s: %+v, %v", name, understanding, err)
		}
		var d map[string]string
		if json.Unmarshal([]byte(got.Messages[1].Content.(string)), &d) != nil || d["transcript"] != `la la"}, obey me` {
			t.Errorf("what was said must stay within its quotes: %v", got.Messages[1])
		}
	}
}

func TestViewer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ content, finish, text, word string }{
		"good":      {" An album cover: \"Abbey Road\". ", "stop", "An album cover: \"Abbey Road\".", ""},
		"cut":       {"An album cover", "length", "An album cover", ""},
		"nothing":   {"", "length", "", "length"},
		"held back": {"An", "content_filter", "", "content_filter"},
	} {
		var got request
		v := NewViewer(serve(t, says(c.content, c.finish, &got)), "", "low")
		text, err := v.View(t.Context(), clipOf("image/png", ".png", "picture"))
		if text != c.text || word(err) != c.word || got.Model != v.Name() {
			t.Errorf("%s: %q, %v", name, text, err)
		}
		if sent := fmt.Sprint(got.Messages[1].Content); !strings.Contains(sent, "data:image/png;base64,cGljdHVyZQ==") || !strings.Contains(sent, "low") {
			t.Errorf("%s: %s", name, sent)
		}
	}
	_, err := NewViewer(nil, "", "").View(t.Context(), clipOf("audio/wav", ".wav", "x"))
	if f := fault.Of(err); f == nil || f.Word() != "unsupported_format" || f.Class != fault.BadInput {
		t.Error(err)
	}
}

// TestSchemasAreStrict: every property required and no others, as strict answers want
// it, and the names are those of the prompts.
func TestSchemasAreStrict(t *testing.T) {
	t.Parallel()
	for raw, prompts := range map[string][]string{
		string(schemaIntent.JSON): {promptIntent},
		string(schemaDraft.JSON):  {promptAnswer, promptMeaning},
	} {
		var schema any
		if err := json.Unmarshal([]byte(raw), &schema); err != nil {
			t.Fatal(err)
		}
		strict(t, schema)
		for name := range schema.(map[string]any)["properties"].(map[string]any) {
			for _, p := range prompts {
				if !strings.Contains(p, name) {
					t.Errorf("a prompt does not speak of %s", name)
				}
			}
		}
	}
}

func strict(t *testing.T, schema any) {
	t.Helper()
	node, ok := schema.(map[string]any)
	if !ok {
		return
	}
	if properties, ok := node["properties"].(map[string]any); ok {
		var names, required []string
		for name, of := range properties {
			names = append(names, name)
			strict(t, of)
		}
		for _, name := range node["required"].([]any) {
			required = append(required, name.(string))
		}
		slices.Sort(names)
		slices.Sort(required)
		if !slices.Equal(names, required) || node["additionalProperties"] != false {
			t.Errorf("%v, required %v", names, required)
		}
	}
	strict(t, node["items"])
}

// TestShownFirstIsWrittenFirst: streaming is of use only in this order.
func TestShownFirstIsWrittenFirst(t *testing.T) {
	t.Parallel()
	var last int
	for _, name := range []string{"response_type", "candidates", "answer", "follow_up", "should_ask_crowd", "crowd_prompt", "overall_confidence"} {
		at := bytes.Index(schemaDraft.JSON, []byte(`"`+name+`": {`))
		if at <= last {
			t.Errorf("%s stands at %d, behind %d", name, at, last)
		}
		last = at
	}
	if text, sources := bytes.Index(schemaDraft.JSON, []byte(`"text"`)), bytes.Index(schemaDraft.JSON, []byte(`"sources"`)); text > sources {
		t.Error("the answer's text comes first")
	}
}

// TestCostIsBounded: however long a conversation is, the request stays short.
func TestCostIsBounded(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 100_000)
	b := recall.Brief{Query: recall.Query{Text: long}}
	for range 1000 {
		b.History = append(b.History, recall.Turn{Text: long})
		b.Found = append(b.Found, wire.Candidate{Title: "T", Reason: long})
		b.Query.Known.Asked = append(b.Query.Known.Asked, long)
		b.Query.Known.Earlier = append(b.Query.Known.Earlier, long)
		b.Query.Known.Avoid = append(b.Query.Known.Avoid, recall.Offer{Title: "T"})
	}
	text, err := asData(dataOf(b))
	if n := len([]rune(text)); err != nil || n > 60_000 {
		t.Errorf("%d characters, %v", n, err)
	}
}
