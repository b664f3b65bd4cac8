package openai

import (
	"bytes"
	"cmp"
	"context"
	"mime/multipart"
	"net/textproto"
	"strconv"

	"recall/actors/provider/fault"
)

// TranscriptionPath is where OpenAI transcribes; whisper.cpp has /inference.
const TranscriptionPath = "/audio/transcriptions"

// TranscriptionRequest is a recording to be written down.
type TranscriptionRequest struct {
	Model    string
	File     File   // the server tells the format by the name's extension and the content
	Language string // ISO 639-1; empty: the model finds out
	Prompt   string // a hint in the recording's language
	Detailed bool   // verbose_json: silence that the model filled with words is taken out
	// Keep spares a stretch that looks silent: a hum is no speech, and yet to be told.
	Keep   func(text string) bool
	Stream bool   // partial texts are wanted; whisper-1 knows none
	Path   string // default [TranscriptionPath]
}

// Transcribe writes a recording down, in the first form of an answer that the server
// turns out to speak. partial, which may be nil, is told the whole text so far. An
// empty text is no error. Its error is a [fault.Fault].
func (c *Client) Transcribe(ctx context.Context, q TranscriptionRequest, partial func(text string)) (string, error) {
	p, err := c.form(q)
	if err != nil {
		return "", err
	}
	s, err := c.openStream(ctx, cmp.Or(q.Path, TranscriptionPath), p, 0)
	if err != nil {
		return "", err
	}
	defer s.close()
	text, err := c.transcript(s, q.Keep, partial)
	return text, named(err, s.resp)
}

// form writes the fields before the file, and the file last: a server can then begin
// to work while the file still comes.
func (c *Client) form(q TranscriptionRequest) (*payload, error) {
	if q.File.Size <= 0 {
		return nil, fault.New(fault.BadInput, "the recording is empty")
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, field := range q.fields() {
		_ = w.WriteField(field[0], field[1]) // a buffer takes everything
	}
	_, _ = w.CreatePart(q.File.header())
	head := b.Len()
	_ = w.Close()
	p := &payload{contentType: w.FormDataContentType(), head: b.Bytes()[:head:head], tail: b.Bytes()[head:], file: &q.File}
	if n := p.size(); n > c.config.MaxUpload {
		return nil, fault.New(fault.BadInput, "the recording makes a request of %d bytes, more than %d", n, c.config.MaxUpload)
	}
	return p, nil
}

func (q *TranscriptionRequest) fields() [][2]string {
	format := "json"
	if q.Detailed {
		format = "verbose_json"
	}
	all := [][2]string{{"model", q.Model}, {"response_format", format}}
	for _, optional := range [][2]string{{"language", q.Language}, {"prompt", q.Prompt}} {
		if optional[1] != "" {
			all = append(all, optional)
		}
	}
	if q.Stream {
		all = append(all, [2]string{"stream", strconv.FormatBool(true)})
	}
	return all
}

func (f *File) header() textproto.MIMEHeader {
	h := textproto.MIMEHeader{}
	h.Set("Content-Disposition", multipart.FileContentDisposition("file", f.Name))
	h.Set("Content-Type", cmp.Or(f.ContentType, "application/octet-stream"))
	return h
}
