package audio

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"sync/atomic"

	"recall/actors/provider/fault"
	"recall/actors/recall"
)

// input reads a clip: it ends with the context and at the biggest size, and
// remembers what kept it from reading, which is no fault of the recording.
type input struct {
	*bufio.Reader
	close  func()
	source *source
}

type source struct {
	ctx    context.Context
	r      io.Reader
	broken atomic.Pointer[error]
}

func (c *Converter) open(ctx context.Context, clip recall.Clip) (*input, error) {
	body, err := clip.Open(ctx)
	if err != nil {
		return nil, fault.Of(err)
	}
	s := &source{ctx: ctx, r: io.LimitReader(body, biggest)}
	return &input{
		Reader: bufio.NewReaderSize(s, 32<<10),
		close:  func() { _ = body.Close() },
		source: s,
	}, nil
}

// Read implements io.Reader.
func (s *source) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.broken.Store(&err)
	}
	return n, err
}

// failure is why the clip could not be read, nil when it could.
func (in *input) failure() error {
	if err := in.source.broken.Load(); err != nil {
		return *err
	}
	return nil
}

// needsSeek tells the files of the MP4 family, which phones record: their index
// mostly stands at the end.
func (in *input) needsSeek() bool {
	head, _ := in.Peek(8)
	return len(head) == 8 && bytes.Equal(head[4:], []byte("ftyp"))
}

// spool puts the clip into a file that only we may read. remove is never nil.
func (in *input) spool(dir string) (path string, remove func(), err error) {
	f, err := os.CreateTemp(dir, "recall-clip-*")
	if err != nil {
		return "", func() {}, fault.New(fault.Unavailable, "a file for the clip: %w", err)
	}
	remove = func() { _ = os.Remove(f.Name()) }
	_, err = io.Copy(f, in)
	if err := errors.Join(err, f.Close()); err != nil {
		return "", remove, fault.New(fault.Unavailable, "a file for the clip: %w", err)
	}
	return f.Name(), remove, nil
}
