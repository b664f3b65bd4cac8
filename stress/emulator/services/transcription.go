package services

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
)

// A model that is no whisper is of the newer family, which streams and is choosier
// about formats.
func isTranscriber(model string) bool {
	return strings.Contains(model, "whisper") || strings.Contains(model, "transcribe")
}

const badFormat = "Invalid file format. Supported formats: ['flac', 'm4a', 'mp3', 'mp4', 'mpeg', 'mpga', 'oga', 'ogg', 'wav', 'webm']"

// transcription plays POST /v1/audio/transcriptions.
func (c *call) transcription() reply {
	if r, refused := c.openaiRefusal(); refused {
		return r
	}
	return c.openaiHeaders(c.transcribe())
}

func (c *call) transcribe() reply {
	f := c.form()
	if f == nil {
		return invalid("", "", "Could not parse multipart form")
	}
	if r, wrong := checkTranscription(f); wrong {
		return r
	}
	h := c.s.ears.file(f.files["file"].content)
	if !h.failed && h.seconds < 0.1 {
		return invalid("audio_too_short", "file", "Audio file is too short. Minimum audio length is 0.1 seconds.")
	}
	return written(f, h)
}

func checkTranscription(f *form) (reply, bool) {
	model, format := f.values["model"], f.values["response_format"]
	audio, there := f.files["file"]
	newer := !strings.Contains(model, "whisper")
	switch {
	case !there:
		return invalid("", "file", "you must provide a file"), true
	case model == "":
		return invalid("", "model", "you must provide a model parameter"), true
	case !isTranscriber(model):
		return modelNotFound(model), true
	case !audio.fits() && newer:
		return invalid("unsupported_format", "messages", "This model does not support the format you provided."), true
	case !audio.fits():
		return invalid("", "", badFormat), true
	case !slices.Contains([]string{"", "json", "text", "srt", "vtt", "verbose_json"}, format),
		newer && format != "" && format != "json":
		return invalid("unsupported_value", "response_format", fmt.Sprintf("response_format '%s' is not compatible with model '%s'.", format, model)), true
	}
	return reply{}, false
}

// words is what Whisper writes for a recording. Music without words comes out as
// a mark, a hum as syllables.
func (h heard) words() string {
	switch h.kind {
	case KindSpeech:
		return h.text
	case KindSong:
		return "[music]"
	case KindHum:
		return "La la la la, la la la"
	case KindNoise:
		return "[inaudible]"
	case KindSilence:
		return ""
	default:
		return demoWords[pick([]byte(h.hash), len(demoWords))]
	}
}

// demoWords are said by any voice that is not ours, so that a person at the
// microphone sees something happen; "(demo)" says that nobody listened.
var demoWords = []string{
	"(demo) 80s Norwegian band, synthesizers, and the singer goes incredibly high in the chorus",
	"(demo) what's the song where she hums, we could have had it all, big soul voice, around 2010",
	"(demo) that Queen song that starts slow and turns into an opera in the middle",
	"(demo) the Spanish summer hit from 2017, reggaeton, everybody danced to it",
	"(demo) nineties grunge, a quiet verse and then very loud guitars, something about a smell",
}

func written(f *form, h heard) reply {
	text := h.words()
	format := f.values["response_format"]
	switch {
	case f.values["stream"] == "true" && !strings.Contains(f.values["model"], "whisper"):
		return transcriptStream(text)
	case format == "text":
		return textReply(http.StatusOK, OK, "text/plain; charset=utf-8", text+"\n")
	case format == "srt":
		return textReply(http.StatusOK, OK, "text/plain; charset=utf-8", fmt.Sprintf("1\n00:00:00,000 --> %s\n%s\n\n", stamp(h.seconds, ","), text))
	case format == "vtt":
		return textReply(http.StatusOK, OK, "text/plain; charset=utf-8", fmt.Sprintf("WEBVTT\n\n00:00:00.000 --> %s\n%s\n\n", stamp(h.seconds, "."), text))
	case format == "verbose_json":
		return jsonReply(http.StatusOK, OK, h.verbose(text))
	case strings.Contains(f.values["model"], "whisper"):
		return jsonReply(http.StatusOK, OK, object{"text": text, "usage": h.usage()})
	default:
		return jsonReply(http.StatusOK, OK, object{"text": text, "usage": tokenUsage(text)})
	}
}

func stamp(seconds float64, point string) string {
	ms := int(seconds * 1000)
	return fmt.Sprintf("%02d:%02d:%02d%s%03d", ms/3_600_000, ms/60_000%60, ms/1000%60, point, ms%1000)
}

func (h heard) usage() object {
	return object{"type": "duration", "seconds": int(math.Ceil(h.seconds))}
}

func tokenUsage(text string) object {
	out := len(tokens(text))
	return object{
		"type": "tokens", "input_tokens": 14, "output_tokens": out, "total_tokens": 14 + out,
		"input_token_details": object{"text_tokens": 0, "audio_tokens": 14},
	}
}

// verbose tells by its figures whether anybody spoke: a hum is unlikely speech.
func (h heard) verbose(text string) object {
	silent, sure := 0.0099, -0.286
	if h.kind != KindSpeech && h.kind != KindUnknown {
		silent, sure = 0.87, -1.21
	}
	segments := []object{}
	if text != "" {
		segments = append(segments, object{
			"id": 0, "seek": 0, "start": 0.0, "end": h.seconds, "text": " " + text, "tokens": []int{50364, 440},
			"temperature": 0.0, "avg_logprob": sure, "compression_ratio": 1.236, "no_speech_prob": silent,
		})
	}
	return object{
		"task": "transcribe", "language": "english", "duration": h.seconds, "text": text,
		"segments": segments, "usage": h.usage(),
	}
}

func transcriptStream(text string) reply {
	r := reply{status: http.StatusOK, header: http.Header{"Content-Type": {"text/event-stream; charset=utf-8"}}, outcome: OK}
	for _, t := range tokens(text) {
		r.parts = append(r.parts, event(encode(object{"type": "transcript.text.delta", "delta": t})))
	}
	r.parts = append(r.parts,
		event(encode(object{"type": "transcript.text.done", "text": text, "usage": tokenUsage(text)})),
		event([]byte("[DONE]")))
	return r
}
