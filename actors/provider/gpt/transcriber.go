package gpt

import (
	"cmp"
	"context"
	"strings"

	"recall/actors/provider/openai"
	"recall/actors/recall"
)

// Speech says how recordings are written down.
type Speech struct {
	Model string // default [DefaultSpeechModel]
	Path  string // default [openai.TranscriptionPath]; "/inference" for whisper.cpp
	// Detailed asks for segments, to take out words that the model put into silence.
	// whisper-1, vLLM, speaches and whisper.cpp know it; gpt-4o-transcribe and Ollama
	// do not.
	Detailed bool
	// Stream asks for partial transcripts. gpt-4o-transcribe, vLLM and speaches know
	// it; whisper-1 takes no notice.
	Stream bool
}

// Transcriber is a [recall.Transcriber].
type Transcriber struct {
	client *openai.Client
	speech Speech
}

var _ recall.Transcriber = (*Transcriber)(nil)

// NewTranscriber makes a transcriber that uses c.
func NewTranscriber(c *openai.Client, s Speech) *Transcriber {
	s.Model = cmp.Or(s.Model, DefaultSpeechModel)
	return &Transcriber{client: c, speech: s}
}

// Name implements [recall.Transcriber].
func (*Transcriber) Name() string { return nameTranscriber }

// Transcribe implements [recall.Transcriber].
func (t *Transcriber) Transcribe(ctx context.Context, c recall.Clip, partial func(text string)) (string, error) {
	told := func(text string) {
		if partial != nil {
			partial(tidy(text, longestSpeech))
		}
	}
	text, err := t.client.Transcribe(ctx, openai.TranscriptionRequest{
		Model:    t.speech.Model,
		File:     fileOf("note", c),
		Detailed: t.speech.Detailed,
		Keep:     recall.Hummed,
		Stream:   t.speech.Stream,
		Path:     t.speech.Path,
	}, told)
	return tidy(text, longestSpeech), err
}

// fileOf names a clip: what its owner called it is nobody else's business.
func fileOf(name string, c recall.Clip) openai.File {
	return openai.File{Name: name + knownExtension(c.Extension), ContentType: c.ContentType, Size: c.Size, Open: c.Open}
}

// knownExtension is the one of the names that services accept for the same content.
func knownExtension(ext string) string {
	switch ext = strings.ToLower(ext); ext {
	case ".opus", ".oga":
		return ".ogg"
	case ".weba":
		return ".webm"
	default:
		return ext
	}
}
