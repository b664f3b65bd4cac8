package gpt

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// telling of a document: candidates as they came, and the text.
type reading struct {
	Candidates []string
	Text       string
	Order      string
}

// readIn reads document with a cut after each of the sizes, which repeat.
func readIn(document string, sizes ...int) reading {
	var got reading
	r := newReader(func(raw []byte) bool {
		got.Candidates = append(got.Candidates, string(raw))
		got.Order += "c"
		return json.Valid(raw)
	}, func(more string) {
		got.Text += more
		if !strings.HasSuffix(got.Order, "t") {
			got.Order += "t"
		}
	})
	for i := 0; len(document) > 0; i++ {
		n := min(max(sizes[i%len(sizes)], 1), len(document))
		r.feed(document[:n])
		document = document[n:]
	}
	return got
}

const document = `{"response_type":"both","candidates":[{"title":"A \"}]{","artist":"B","more":{"x":[1,{"y":null}]}},{"title":"C","artist":"\\"}],
 "answer":{"text":"So: \"quoted\", \u00fc\ud83c\udfb5 and ü🎵\n\t\/\\ end","sources":["text"],"related_songs":[{"title":"candidates","artist":"answer"}]},
 "follow_up":null,"should_ask_crowd":false,"crowd_prompt":null,"overall_confidence":0.7}`

func TestReaderTellsEverythingOnce(t *testing.T) {
	t.Parallel()
	want := reading{
		Candidates: []string{`{"title":"A \"}]{","artist":"B","more":{"x":[1,{"y":null}]}}`, `{"title":"C","artist":"\\"}`},
		Text:       "So: \"quoted\", ü🎵 and ü🎵\n\t/\\ end",
		Order:      "cct",
	}
	for size := 1; size <= len(document); size++ {
		if got := readIn(document, size); !reflect.DeepEqual(got, want) {
			t.Fatalf("%d bytes at a time: %+v", size, got)
		}
	}
}

// TestReaderTellsAtOnce: nothing waits for what comes behind it.
func TestReaderTellsAtOnce(t *testing.T) {
	t.Parallel()
	count, text := 0, ""
	r := newReader(func([]byte) bool { count++; return true }, func(more string) { text += more })
	for _, step := range []struct {
		piece string
		count int
		text  string
	}{
		{`{"candidates":[{"title":"A"`, 0, ""}, {`}`, 1, ""}, {`,{"title":"B"}`, 2, ""},
		{`],"answer":{"text":"He`, 2, "He"}, {`l\u00f`, 2, "Hel"}, {`c`, 2, "Helü"}, {`\ud83c`, 2, "Helü"}, {`\udfb5.`, 2, "Helü🎵."},
	} {
		r.feed(step.piece)
		if count != step.count || text != step.text {
			t.Errorf("after %q: %d candidates, %q", step.piece, count, text)
		}
	}
}

func TestReaderLooksInTheRightPlaces(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		document string
		want     reading
	}{
		"answer first":            {`{"answer":{"text":"x"},"candidates":[{}]}`, reading{[]string{"{}"}, "x", "tc"}},
		"sources before the text": {`{"answer":{"sources":["a","text"],"text":"x"}}`, reading{nil, "x", "t"}},
		"escaped keys":            {`{"\u0061nswer":{"te\u0078t":"x"}}`, reading{nil, "x", "t"}},
		"no answer":               {`{"candidates":[],"answer":null}`, reading{}},
		"text elsewhere":          {`{"text":"a","other":{"text":"b"},"answer":{"more":{"text":"c"},"list":["text","d"]}}`, reading{}},
		"candidates elsewhere":    {`{"other":{"candidates":[{}]},"candidates":{"candidates":[{}]},"list":[{"candidates":[{}]}]}`, reading{}},
		"lists in the list":       {`{"candidates":[[{}]]}`, reading{}},
		"a value like a key":      {`{"other":"candidates","list":[{}]}`, reading{}},
		"text that is no text":    {`{"answer":{"text":["x"]}}`, reading{}},
		"twice":                   {`{"candidates":[{}],"candidates":[{"a":1}],"answer":{"text":"x","text":"y"}}`, reading{[]string{"{}"}, "x", "ct"}},
		"prose":                   {`Sure! {"candidates":[{}]}`, reading{}},
		"fenced":                  {"```json\n" + `{"candidates":[{}]}`, reading{}},
		"a list":                  {`[{"candidates":[{}]}]`, reading{}},
		"a string":                {`"{\"candidates\":[{}]}"`, reading{}},
		"more behind the end":     {`{} {"candidates":[{}]}`, reading{}},
		"brackets that do not go": {`{"a":[},"candidates":[{}]}`, reading{}},
		"lone halves":             {`{"answer":{"text":"a\ud83cb\udfb5c\ud83c\ud83c\udfb5\ud83c"}}`, reading{nil, "a\uFFFDb\uFFFDc\uFFFD🎵\uFFFD", "t"}},
		"half and escape":         {`{"answer":{"text":"\ud83c\n"}}`, reading{nil, "\uFFFD\n", "t"}},
		"bad escape":              {`{"answer":{"text":"a\x"},"candidates":[{}]}`, reading{nil, "a", "t"}},
		"bad digits":              {`{"answer":{"text":"a\u00g0"}}`, reading{nil, "a", "t"}},
		"a line end in the text":  {"{\"answer\":{\"text\":\"a\nb\"}}", reading{nil, "a", "t"}},
		"too deep":                {`{"a":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `,"candidates":[{}]}`, reading{}},
		"too long":                {`{"candidates":[{"a":"` + strings.Repeat("x", 100_000) + `"},{}]}`, reading{}},
		"a long key":              {`{"` + strings.Repeat("k", 100) + `":1,"candidates":[{}]}`, reading{[]string{"{}"}, "", "c"}},
	} {
		for _, size := range []int{1, 3, 1 << 20} {
			if got := readIn(c.document, size); !reflect.DeepEqual(got, c.want) {
				t.Errorf("%s, %d bytes at a time: %+v", name, size, got)
			}
		}
	}
}

// FuzzReader: any cuts of any document tell what the uncut one tells, and of a valid
// document that is what the strict decoder reads.
func FuzzReader(f *testing.F) {
	f.Add(document, []byte{1})
	f.Add(document, []byte{7, 2, 30})
	f.Add(`{"answer":{"text":"\ud83c\ud83c\udfb5\"\u00e4ä"},"candidates":[{},null,{"a":[{}]}]}`, []byte{1, 2})
	f.Add("{\"answer\":{\"text\":\"\xc3\xe2\x82\x28\xf0\x9f\"}}", []byte{1})
	f.Fuzz(func(t *testing.T, document string, cuts []byte) {
		sizes := []int{1}
		for _, c := range cuts {
			sizes = append(sizes, int(c))
		}
		whole := readIn(document, len(document)+1)
		if got := readIn(document, sizes...); !reflect.DeepEqual(got, whole) {
			t.Fatalf("cut by %v: %+v; whole: %+v", sizes, got, whole)
		}
		if !utf8.ValidString(whole.Text) {
			t.Fatalf("%q is no text", whole.Text)
		}
		if want, ok := strictly(document); ok && !agree(whole, want) {
			t.Fatalf("told %+v, decoded %+v", whole, want)
		}
	})
}

// strictly is what encoding/json reads; false of documents that the reader need not
// understand: such as no JSON, or with a key twice.
func strictly(document string) (want reading, ok bool) {
	var d struct {
		Candidates []json.RawMessage `json:"candidates"`
		Answer     *struct {
			Text string `json:"text"`
		} `json:"answer"`
	}
	if len(document) > longestCandidate || json.Unmarshal([]byte(document), &d) != nil || strings.Count(document, "[")+strings.Count(document, "{") >= deepest {
		return want, false
	}
	keys := map[string]int{}
	for decoder := json.NewDecoder(strings.NewReader(document)); ; {
		token, err := decoder.Token()
		if err != nil {
			break
		}
		if s, is := token.(string); is {
			keys[s]++
			if slices.ContainsFunc([]string{keyCandidates, keyAnswer, keyText}, func(k string) bool { return s != k && strings.EqualFold(s, k) }) {
				return want, false // encoding/json takes Text for text
			}
		}
	}
	for _, k := range []string{keyCandidates, keyAnswer, keyText} {
		if keys[k] > 1 {
			return want, false
		}
	}
	for _, c := range d.Candidates {
		if c[0] == '{' {
			want.Candidates = append(want.Candidates, string(c))
		}
	}
	if d.Answer != nil {
		want.Text = d.Answer.Text
	}
	return want, true
}

func agree(a, b reading) bool {
	return a.Text == b.Text && slices.Equal(a.Candidates, b.Candidates)
}

// BenchmarkReader reads an answer token by token; the figures are for one token.
func BenchmarkReader(b *testing.B) {
	pieces := tokens(document, 4)
	b.ReportAllocs()
	for done := 0; done < b.N; done += len(pieces) {
		r := newReader(func([]byte) bool { return true }, func(string) {})
		for _, p := range pieces {
			r.feed(p)
		}
	}
}
