package audio

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
)

// Field is a named text of a form.
type Field struct{ Name, Value string }

// Form is multipart/form-data with a recording as a WAV file. The recording is not
// copied: a server holds many of these.
type Form struct {
	contentType      string
	before, pcm, end []byte
}

// NewForm makes a form of fields and, last, of pcm (see [WAV]) as the file part of
// that name.
func NewForm(fields []Field, file string, pcm []byte) (*Form, error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, f := range fields {
		if err := w.WriteField(f.Name, f.Value); err != nil {
			return nil, err
		}
	}
	part, err := w.CreateFormFile(file, "clip.wav")
	if err != nil {
		return nil, err
	}
	if _, err := part.Write(header(len(pcm))); err != nil {
		return nil, err
	}
	cut := b.Len()
	if err := w.Close(); err != nil {
		return nil, err
	}
	return &Form{w.FormDataContentType(), b.Bytes()[:cut], pcm, b.Bytes()[cut:]}, nil
}

// Attach makes the form the body of r.
func (f *Form) Attach(r *http.Request) {
	r.Header.Set("Content-Type", f.contentType)
	SetBody(r, len(f.before)+len(f.pcm)+len(f.end), func() io.Reader {
		return io.MultiReader(bytes.NewReader(f.before), bytes.NewReader(f.pcm), bytes.NewReader(f.end))
	})
}

// SetBody gives r a body of known size that can be sent again when the connection
// turns out to be closed.
func SetBody(r *http.Request, size int, open func() io.Reader) {
	r.ContentLength = int64(size)
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(open()), nil }
	r.Body, _ = r.GetBody()
}
