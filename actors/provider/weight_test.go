package provider

import (
	"reflect"
	"strings"
	"testing"
)

// An answer weighs at least the text in it, however deep that lies, and not several
// times as much.
func TestWeightFollowsTheText(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("x", 10_000)
	type song struct {
		title *string
		more  map[string][]any
	}
	for name, value := range map[string]any{
		"text": text, "slice": []string{text}, "pointer": &text, "struct": song{title: &text},
		"map": song{more: map[string][]any{"lines": {text}}},
	} {
		if got := weight(reflect.ValueOf(value)); got < len(text) || got > len(text)+200 {
			t.Errorf("%s weighs %d bytes", name, got)
		}
	}
	if got := weight(reflect.ValueOf(nil)); got != 0 {
		t.Errorf("nothing weighs %d bytes", got)
	}
}
