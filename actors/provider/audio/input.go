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

// spool puts the clip into a file without a name: a stranger's recording is gone with
// the last who has it open, also when we are killed.
func (in *input) spool(dir string) (*os.File, error) {
	f, err := os.CreateTemp(dir, "recall-clip-*")
	if err != nil {
		return nil, fault.New(fault.Unavailable, "a file for the clip: %w", err)
	}
	err = os.Remove(f.Name())
	if err == nil {
		_, err = io.Copy(f, in)
	}
	if err == nil {
		_, err = f.Seek(0, io.SeekStart) // some systems have one place in a file for all who open it so
	}
	if err != nil {
		_ = f.Close()
		return nil, fault.New(fault.Unavailable, "a file for the clip: %w", err)
	}
	return f, nil
}
