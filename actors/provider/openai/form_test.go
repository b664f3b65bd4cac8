package openai

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

const aChunk = `{"id":"1","choices":[{"index":0,"delta":{"content":"It \"is\""},"finish_reason":null}],"usage":null}`

// learned is the form of a chunk, as a talk would learn it.
func (f *form) learned(data []byte) {
	if said, plain := plainText(data); plain {
		f.learn(data, said)
	}
}

func TestFormOfChunks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		first, next, want string
		common            bool
	}{
		"the same":            {aChunk, aChunk, `It "is"`, true},
		"escapes":             {aChunk, strings.ReplaceAll(aChunk, "It", `\"\\\/\b\f\n\r\t`), "\"\\/\b\f\n\r\t \"is\"", true},
		"letters":             {aChunk, strings.ReplaceAll(aChunk, "It", "Füße 曲"), `Füße 曲 "is"`, true},
		"nothing":             {aChunk, strings.ReplaceAll(aChunk, `It \"is\"`, ""), "", true},
		"with blanks":         {strings.ReplaceAll(aChunk, `":`, `": `), strings.ReplaceAll(aChunk, `":`, `": `), `It "is"`, true},
		"by number":           {aChunk, strings.ReplaceAll(aChunk, "It", `\u0041`), "", false},
		"an end":              {aChunk, strings.ReplaceAll(aChunk, "null}]", `"stop"}]`), "", false},
		"two strings":         {aChunk, strings.ReplaceAll(aChunk, `It \"is\"`, `It","content":"is`), "", false},
		"ends in an escape":   {aChunk, strings.ReplaceAll(aChunk, `It \"is\"`, `It \`), "", false},
		"a control":           {aChunk, strings.ReplaceAll(aChunk, "It", "\n"), "", false},
		"broken letters":      {aChunk, strings.ReplaceAll(aChunk, "It", "\xff"), "", false},
		"another's content":   {strings.ReplaceAll(aChunk, `"id":"1"`, `"content":"x"`), strings.ReplaceAll(aChunk, `"id":"1"`, `"content":"x"`), "", false},
		"a name that ends so": {strings.ReplaceAll(aChunk, `"id":"1"`, `"a\"content":"x"`), strings.ReplaceAll(aChunk, `"id":"1"`, `"a\"content":"x"`), "", false},
		"said twice":          {strings.ReplaceAll(aChunk, `"}`, `","content":"!"}`), strings.ReplaceAll(aChunk, `"}`, `","content":"!"}`), "", false},
		"a refusal":           {strings.ReplaceAll(aChunk, `"}`, `","refusal":"no"}`), strings.ReplaceAll(aChunk, `"}`, `","refusal":"no"}`), "", false},
		"an error":            {strings.ReplaceAll(aChunk, `{"id"`, `{"error":"x","id"`), strings.ReplaceAll(aChunk, `{"id"`, `{"error":"x","id"`), "", false},
		"no text":             {strings.ReplaceAll(aChunk, `"It \"is\""`, "null"), aChunk, "", false},
		"cut":                 {aChunk[:60], aChunk[:60], "", false},
	} {
		var f form
		f.learned([]byte(c.first))
		if text, common := f.said([]byte(c.next)); string(text) != c.want && common || common != c.common {
			t.Errorf("%s: %q, %v", name, text, common)
		}
	}
}

// TestFormIsNotLookedForForEver where no two chunks have the same.
func TestFormIsNotLookedForForEver(t *testing.T) {
	t.Parallel()
	var f form
	for range 2 * mostForms {
		f.learned([]byte(aChunk))
	}
	if f.tried != mostForms {
		t.Errorf("%d times", f.tried)
	}
}

// FuzzForm: a chunk of the form of another says what encoding/json reads in it.
func FuzzForm(f *testing.F) {
	f.Add([]byte(aChunk), []byte(aChunk))
	f.Add([]byte(aChunk), []byte(strings.ReplaceAll(aChunk, "It", `\u00fc\n`)))
	f.Add([]byte(`{"choices":[{"delta":{"content":"a","content":"b"}}],"Choices":[]}`), []byte(`{"choices":[{"delta":{"content":"a","content":"c"}}],"Choices":[]}`))
	f.Fuzz(func(t *testing.T, first, next []byte) {
		var f form
		f.learned(first)
		f.learned(first)
		for _, data := range [][]byte{first, next} {
			said, common := f.said(data)
			if !common {
				continue
			}
			if strict, plain := plainText(data); !plain || strict != string(said) {
				t.Fatalf("%q and not %q, %v, after %q", said, strict, plain, first)
			}
		}
	})
}

// heardOf is a stream as it is told; strictly without the knowledge of its form.
func heardOf(from io.Reader, strictly bool) (pieces []string, text string, err error) {
	ctx, patience := withPatience(context.Background(), time.Hour)
	defer patience.stop()
	s := newStream(ctx, &http.Response{Body: io.NopCloser(from), Header: http.Header{}}, patience, time.Hour)
	talk := newTalk(New(Config{HTTP: http.DefaultClient}), s, func(more string) { pieces = append(pieces, more) })
	if strictly {
		talk.form.tried = mostForms
	}
	err = talk.listen()
	return pieces, talk.text.String(), err
}

// FuzzTalk: however a stream comes and however it is read, the same is told of it.
func FuzzTalk(f *testing.F) {
	event := func(text string) string { return "data: " + strings.ReplaceAll(aChunk, "It", text) + "\n\n" }
	f.Add([]byte(event("It")+event("is")+event(`\n`)+"data: [DONE]\n\n"), byte(7))
	f.Add([]byte(event("It")+event("is")+`data: {"error":"broken"}`+"\n\n"), byte(3))
	f.Add([]byte(event("It")+event("\\u00e4")+"data: {"), byte(1))
	f.Fuzz(func(t *testing.T, stream []byte, size byte) {
		pieces, text, err := heardOf(bytes.NewReader(stream), true)
		if strings.Join(pieces, "") != text || slices.Contains(pieces, "") {
			t.Fatalf("told %q of %q", pieces, text)
		}
		for _, from := range []io.Reader{bytes.NewReader(stream), &portions{stream, int(size) + 1}, iotest.DataErrReader(bytes.NewReader(stream))} {
			again, same, ended := heardOf(from, false)
			if same != text || strings.Join(again, "") != text || (ended == nil) != (err == nil) {
				t.Fatalf("told %q, %v; strictly %q, %v", again, ended, pieces, err)
			}
		}
	})
}

// TestToldTogether: what came together is told in one piece, and all of it before the
// next wait.
func TestToldTogether(t *testing.T) {
	t.Parallel()
	event := func(text string) string { return `data: {"choices":[{"delta":{"content":"` + text + `"}}]}` + "\n\n" }
	broken := errors.New("reset")
	for name, c := range map[string]struct {
		reads []string
		want  []string
	}{
		"one by one":       {[]string{event("a"), event("b"), "data: [DONE]\n\n"}, []string{"a", "b"}},
		"together":         {[]string{event("a") + event("b"), event("c") + "data: [DONE]\n\n"}, []string{"ab", "c"}},
		"with half a next": {[]string{event("a") + event("b") + event("c")[:9], event("c")[9:], "data: [DONE]\n\n"}, []string{"ab", "c"}},
		"then it breaks":   {[]string{event("a") + event("b")}, []string{"ab"}},
		"then an error":    {[]string{event("a") + `data: {"error":"x"}` + "\n\n"}, []string{"a"}},
	} {
		parts := []io.Reader{}
		for _, r := range c.reads {
			parts = append(parts, strings.NewReader(r))
		}
		pieces, _, _ := heardOf(io.MultiReader(append(parts, iotest.ErrReader(broken))...), false)
		if !slices.Equal(pieces, c.want) {
			t.Errorf("%s: told %q", name, pieces)
		}
	}
}
