package openai

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// read gives the data of all events, and how the stream ended.
func read(r io.Reader) (all []string, end error) {
	e := newEvents(r)
	for {
		data, err := e.next()
		if err != nil {
			return all, err
		}
		all = append(all, string(data))
	}
}

func TestEventsFollowTheStandard(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"one":                   {"data: a\n\n", []string{"a"}},
		"without space":         {"data:a\n\n", []string{"a"}},
		"one space only":        {"data:  a\n\n", []string{" a"}},
		"several lines":         {"data: a\ndata: b\n\n", []string{"a\nb"}},
		"CRLF":                  {"data: a\r\n\r\ndata: b\r\n\r\n", []string{"a", "b"}},
		"comments":              {": x\n\n:\ndata: a\n: y\n\n", []string{"a"}},
		"other fields":          {"event: e\nid: 1\nretry: 5\ndatas: x\ndata: a\n\n", []string{"a"}},
		"empty data":            {"data\n\ndata:\n\n", []string{"", ""}},
		"blank lines":           {"\n\n\ndata: a\n\n\n\n", []string{"a"}},
		"no blank line at last": {"data: a\n\ndata: b\n", []string{"a", "b"}},
		"no line end at last":   {"data: a\n\ndata: b", []string{"a", "b"}},
		"longer than a buffer":  {"data: " + strings.Repeat("x", 50_000) + "\n\n", []string{strings.Repeat("x", 50_000)}},
		"nothing":               {"", nil},
	} {
		got, err := read(strings.NewReader(c.text))
		if !slices.Equal(got, c.want) || !errors.Is(err, io.EOF) {
			t.Errorf("%s: %.100q, %v", name, got, err)
		}
	}
}

func TestEventsTellHowTheyBroke(t *testing.T) {
	t.Parallel()
	broken := errors.New("reset")
	got, err := read(io.MultiReader(strings.NewReader("data: a\n\ndata: b"), iotest.ErrReader(broken)))
	if !slices.Equal(got, []string{"a"}) || !errors.Is(err, broken) {
		t.Errorf("%q, %v", got, err)
	}
}

// FuzzEvents: however the bytes come, they say the same, and nothing that is not in
// them.
func FuzzEvents(f *testing.F) {
	f.Add([]byte("data: a\r\n\r\n: ping\ndata:b\ndata: c\n\ndata: [DONE]"), byte(3))
	f.Add([]byte("data: {\"choices\":[]}\n\nevent: x\nda"), byte(1))
	f.Fuzz(func(t *testing.T, text []byte, size byte) {
		whole, wholeEnd := read(bytes.NewReader(text))
		parts, partsEnd := read(&portions{text, int(size)%16 + 1})
		if !slices.Equal(whole, parts) || !errors.Is(wholeEnd, io.EOF) || !errors.Is(partsEnd, io.EOF) {
			t.Fatalf("%q, %v at once; %q, %v in pieces", whole, wholeEnd, parts, partsEnd)
		}
		total := 0
		for _, data := range whole {
			total += len(data)
			for line := range strings.SplitSeq(data, "\n") {
				if !bytes.Contains(text, []byte(line)) {
					t.Fatalf("%q was never sent", line)
				}
			}
		}
		if total > len(text) {
			t.Fatalf("%d bytes of %d", total, len(text))
		}
	})
}

// portions gives size bytes at a time.
type portions struct {
	left []byte
	size int
}

func (p *portions) Read(b []byte) (int, error) {
	if len(p.left) == 0 {
		return 0, io.EOF
	}
	n := copy(b, p.left[:min(p.size, len(p.left))])
	p.left = p.left[n:]
	return n, nil
}
