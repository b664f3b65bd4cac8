package services

import (
	"encoding/json"
	"strings"
	"testing"
)

// A frame reads back as its name; anything else reads as no frame, and never panics.
func FuzzFrame(f *testing.F) {
	f.Add("song:Africa")
	f.Add("")
	f.Add(strings.Repeat("x", longestName))
	f.Fuzz(func(t *testing.T, name string) {
		read := func(data []byte) (string, bool) {
			return readFrame(func(i int) (byte, bool) {
				if i >= len(data) {
					return 0, false
				}
				return data[i], true
			})
		}
		if len(name) <= longestName {
			data := frame(name)
			if got, ok := read(data); !ok || got != name {
				t.Errorf("%q became %q, %v", name, got, ok)
			}
			if _, ok := read(data[:len(data)-1]); ok {
				t.Error("a frame without its end")
			}
		}
		read([]byte(name))
	})
}

// No file panics, whatever lengths it claims.
func FuzzWAV(f *testing.F) {
	f.Add(wav(encodePCM([]float64{0, 0.5, -0.5})))
	f.Add([]byte("RIFF\xff\xff\xff\xffWAVEfmt \xff\xff\xff\xff"))
	f.Fuzz(func(_ *testing.T, file []byte) { soundOfWAV(file) })
}

// No schema and no message panics, and what is written is JSON.
func FuzzChat(f *testing.F) {
	f.Add([]byte(testSchema), "80s Norwegian band")
	f.Add([]byte(`{"type":"array","items":{"$ref":"#/$defs/x"},"$defs":{"x":{"$ref":"#/$defs/x"}},"minItems":3}`), "")
	f.Fuzz(func(t *testing.T, text []byte, words string) {
		shape, err := parseSchema(text)
		if err != nil {
			return
		}
		_ = shape.strict("()")
		q := ChatRequest{Messages: []ChatMessage{{Role: "user", Text: words}}}
		if out := think(q).fill(shape); !json.Valid(out) {
			t.Errorf("%s", out)
		}
	})
}
