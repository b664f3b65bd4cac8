package openai

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// mostForms is how many forms one stream is tried for. Most have one; where each chunk
// differs, as in its time, looking for the next form would only add to the work.
const mostForms = 8

// form is what stands before and behind the text in the chunks of one stream. They
// differ in nothing else: so one is read as JSON, and those that follow are held
// against it byte by byte, which takes a twentieth of the time. Any other chunk is
// read as JSON again.
type form struct {
	head, tail []byte // with the quotation marks of the text; empty: none is known
	tried      int
	text       []byte // of said
}

// said is the text of a chunk of that form, valid until the next call. It is false for
// any other.
func (f *form) said(data []byte) (text []byte, common bool) {
	text, found := bytes.CutPrefix(data, f.head)
	if !found || len(f.head) == 0 {
		return nil, false
	}
	if text, found = bytes.CutSuffix(text, f.tail); !found {
		return nil, false
	}
	return f.unquoted(text)
}

// unquoted decodes the inside of a JSON string; false when it is none that is easy to
// decode.
func (f *form) unquoted(inside []byte) (text []byte, easy bool) {
	f.text = f.text[:0]
	for i := 0; i < len(inside); i++ {
		b := inside[i]
		switch {
		case b == '"', b < ' ':
			return nil, false
		case b == '\\':
			if i++; i == len(inside) {
				return nil, false
			}
			at := strings.IndexByte(escapes, inside[i])
			if at < 0 {
				return nil, false
			}
			b = escapedAs[at]
		}
		f.text = append(f.text, b)
	}
	return f.text, utf8.Valid(f.text)
}

// The letters behind a backslash, and what they stand for.
const (
	escapes   = `"\/bfnrt`
	escapedAs = "\"\\/\b\f\n\r\t"
)

// learn takes the form of a chunk that says so much and holds nothing else of interest.
// Whether its text is where it seems to be is put to the test: a dot that is added there
// must come out behind the text and change nothing else.
func (f *form) learn(data []byte, said string) {
	start, end, found := content(data)
	if !found || f.tried == mostForms {
		return
	}
	f.tried++
	f.head, f.tail = bytes.Clone(data[:start]), bytes.Clone(data[end:])
	dotted := append(bytes.Clone(data[start:end]), '.')
	if now, plain := plainText(bytes.Join([][]byte{f.head, f.tail}, dotted)); !plain || now != said+"." {
		f.head, f.tail = nil, nil
	}
}

// content is where the text of a chunk seems to be, without its quotation marks.
func content(data []byte) (start, end int, found bool) {
	const key = `"content":`
	at := bytes.Index(data, []byte(key))
	if at < 0 {
		return 0, 0, false
	}
	for start = at + len(key); start < len(data) && data[start] == ' '; {
		start++
	}
	if start == len(data) || data[start] != '"' {
		return 0, 0, false
	}
	start++
	for end = start; end < len(data) && data[end] != '"'; end++ {
		if data[end] == '\\' {
			end++
		}
	}
	return start, end, end < len(data)
}

// plainText is the text of a chunk that holds nothing else of interest.
func plainText(data []byte) (string, bool) {
	var chunk completion
	if json.Unmarshal(data, &chunk) != nil || present(chunk.Error) || len(chunk.Choices) == 0 {
		return "", false
	}
	first := &chunk.Choices[0]
	return text(first.Delta.Content), first.plain()
}

// plain tells whether the choice holds text and nothing else of interest.
func (c *choice) plain() bool { return text(c.Delta.Refusal) == "" && text(c.FinishReason) == "" }
