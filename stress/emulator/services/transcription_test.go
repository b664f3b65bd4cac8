package services

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestWhisperWritesWhatItHears(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	for name, want := range map[string]string{
		"speech:was it Für Elise?": "was it Für Elise?", "song:Africa": "[music]", "hum:Africa": "La la la la, la la la", "silence": "", "noise": "[inaudible]",
	} {
		a := send(t, whisperRequest(enough(t), t, s, nil, "note.wav", Clip(name)))
		usage, _ := a.json(t)["usage"].(map[string]any)
		if a.status != 200 || a.json(t)["text"] != want || usage["type"] != "duration" {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
		if d, err := time.ParseDuration(a.header.Get("X-Ratelimit-Reset-Requests")); err != nil || d <= 0 || a.header.Get("X-Request-Id") == "" {
			t.Errorf("headers: %v", a.header)
		}
		if a.header.Get("X-Ratelimit-Limit-Tokens") != "" {
			t.Error("a transcription has no limit of tokens")
		}
	}
}

func TestWhisperChecksFormats(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	clip := Clip("speech:hello")
	for _, c := range []struct {
		name, file string
		fields     map[string]string
		content    []byte
		status     int
		says       string
	}{
		{"no extension", "note", nil, clip, 400, "Invalid file format"},
		{"extension of another format", "note.m4a", nil, clip, 400, "Invalid file format"},
		{"newer model", "note.m4a", map[string]string{"model": "gpt-4o-transcribe"}, clip, 400, "unsupported_format"},
		{"unknown model", "note.wav", map[string]string{"model": "tts-1"}, clip, 404, "model_not_found"},
		{"too short", "note.wav", nil, wav(make([]byte, 200)), 400, "audio_too_short"},
		{"newer model has only json", "note.wav", map[string]string{"model": "gpt-4o-transcribe", "response_format": "srt"}, clip, 400, "unsupported_value"},
		{"text", "note.wav", map[string]string{"response_format": "text"}, clip, 200, "hello\n"},
		{"srt", "note.wav", map[string]string{"response_format": "srt"}, clip, 200, "00:00:00,000 --> 00:00:02,000"},
		{"verbose", "note.wav", map[string]string{"response_format": "verbose_json"}, clip, 200, `"no_speech_prob"`},
		{"whisper-1 ignores stream", "note.wav", map[string]string{"stream": "true"}, clip, 200, `{"text":"hello"`},
		{"newer model streams", "note.wav", map[string]string{"model": "gpt-4o-transcribe", "stream": "true"}, clip, 200, `data: {"delta":"hello","type":"transcript.text.delta"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := send(t, whisperRequest(enough(t), t, s, c.fields, c.file, c.content))
			if a.status != c.status || !strings.Contains(a.body, c.says) {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
}

// The limit is of the request as a whole, and its error calls itself a server's.
func TestWhisperRefusesWhatIsTooLarge(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	for _, c := range []struct{ extra, status int }{{0, 200}, {1, 413}} {
		_, head := multipartOf(t, map[string]string{"model": "whisper-1"}, "file/a.wav", nil)
		clip := Clip("speech:long")
		content := slices.Concat(clip, make([]byte, openaiLimit-len(head)-len(clip)+c.extra))
		a := send(t, whisperRequest(enough(t), t, s, nil, "a.wav", content))
		if a.status != c.status {
			t.Fatalf("%d bytes too many: %d %s", c.extra, a.status, a.body)
		}
		if c.status == 413 && (!strings.Contains(a.body, "Maximum content size limit (26214400) exceeded (26214401 bytes read)") || !strings.Contains(a.body, `"type":"server_error"`)) {
			t.Errorf("%s", a.body)
		}
	}
}

func TestRecordingsFromTheWorldHaveStableAnswers(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	var pcm []byte
	for _, x := range sing([]byte("no frame at all, but loud"), clipRate) {
		pcm = append(pcm, encodePCM([]float64{x})...)
	}
	clip := wav(bytes.Repeat(pcm, 2))
	first := send(t, whisperRequest(enough(t), t, s, nil, "a.wav", clip)).json(t)["text"]
	second := send(t, whisperRequest(enough(t), t, s, nil, "a.wav", clip)).json(t)["text"]
	if text, _ := first.(string); first != second || !strings.HasPrefix(text, "(demo) ") {
		t.Errorf("%q, then %q", first, second)
	}
	s.Script(hashOf(clip), "speech:scripted words")
	if third := send(t, whisperRequest(enough(t), t, s, nil, "a.wav", clip)).json(t)["text"]; third != "scripted words" {
		t.Errorf("scripted: %q", third)
	}
}
