package audio

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"time"

	"recall/actors/provider/fault"
	"recall/actors/recall"
)

// seconds is how much of a recording a sample holds; longest is that in bytes.
const (
	seconds = 12
	longest = seconds * bytesPerSecond
)

// biggest is how much of a clip is read at most, in bytes: more than an upload may
// have.
const biggest = 32 << 20

// UnsupportedFormat is the reason of the fault of a recording that nothing here can
// read.
const UnsupportedFormat = "unsupported_format"

// NoFFmpeg in [Config.FFmpeg] leaves everything to the decoders in Go.
const NoFFmpeg = "none"

// Config of a [Converter]. The zero value is fit for use.
type Config struct {
	// FFmpeg is the program's path or name. Empty: "ffmpeg" as the PATH finds it.
	// [NoFFmpeg]: not used. Without it only WAV, MP3, FLAC, Ogg Vorbis and Ogg Opus
	// can be read.
	FFmpeg string
	// AtOnce is how many conversions run side by side; others wait, within their
	// time. 0: as many as there are processors.
	AtOnce int
	// Timeout of one conversion and its waiting. 0: 10 s, as of a transcript.
	Timeout time.Duration
	// TempDir is where clips that cannot be read in one go are put for the time of
	// their conversion. Empty: the system's.
	TempDir string
}

// Converter is a [recall.Decoder]. It is safe for concurrent use.
type Converter struct {
	ffmpeg  string // path; "" when there is none
	timeout time.Duration
	tempDir string
	slots   chan struct{} // one for each running conversion
	turns   turns
	flights flights
}

var _ recall.Decoder = (*Converter)(nil)

// New makes a converter and looks for ffmpeg, this once. That it is not there is no
// error: see [Converter.FFmpeg].
func New(c Config) *Converter {
	if c.AtOnce < 1 {
		c.AtOnce = runtime.NumCPU()
	}
	if c.Timeout <= 0 {
		c.Timeout = 10 * time.Second
	}
	return &Converter{
		ffmpeg:  find(c.FFmpeg),
		timeout: c.Timeout,
		tempDir: c.TempDir,
		slots:   make(chan struct{}, c.AtOnce),
	}
}

func find(name string) string {
	switch name {
	case NoFFmpeg:
		return ""
	case "":
		name = "ffmpeg"
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return ""
	}
	return path
}

// FFmpeg is the path of the ffmpeg in use, "" when the decoders in Go do the work.
func (c *Converter) FFmpeg() string { return c.ffmpeg }

// Decode gives the first 12 s of a recording. Equal clips at the same time are
// converted once, and share the bytes of the sample: nobody may change them.
//
// Its error is a [fault.Fault]: bad_input with the reason "unsupported_format" when
// the recording cannot be read here, timeout after [Config.Timeout], canceled when
// ctx ends, and whatever kept the clip itself from being read.
func (c *Converter) Decode(ctx context.Context, clip recall.Clip) (recall.Sample, error) {
	pcm, err := c.flights.do(ctx, clip.SHA256, func(ctx context.Context) ([]byte, error) {
		return c.convert(ctx, clip)
	})
	if err != nil {
		return recall.Sample{}, fault.Of(err)
	}
	return recall.Sample{PCM: pcm, SHA256: clip.SHA256}, nil
}

// convert waits for its turn and converts.
func (c *Converter) convert(ctx context.Context, clip recall.Clip) ([]byte, error) {
	ctx, stop := context.WithTimeout(ctx, c.timeout)
	defer stop()
	give, err := c.turns.take(ctx, clip.Owner)
	if err != nil {
		return nil, fmt.Errorf("waiting for a conversion: %w", err)
	}
	defer give()
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return nil, fmt.Errorf("waiting for a conversion: %w", ctx.Err())
	}
	if c.ffmpeg == "" || clip.ContentType == wavType {
		// A WAV holds the samples as they are: to start a program for that would cost ten
		// times the work. One that is not plain samples is ffmpeg's after all.
		pcm, err := c.read(ctx, clip, func(ctx context.Context, in *input) ([]byte, error) { return native(ctx, in) })
		if err == nil || c.ffmpeg == "" || fault.Of(err).Reason != UnsupportedFormat {
			return pcm, err
		}
	}
	return c.read(ctx, clip, c.byFFmpeg)
}

// wavType is how the store of uploads calls a WAV.
const wavType = "audio/wav"

// read opens the clip for a decoder and judges what comes of it.
func (c *Converter) read(ctx context.Context, clip recall.Clip, decode func(context.Context, *input) ([]byte, error)) ([]byte, error) {
	in, err := c.open(ctx, clip)
	if err != nil {
		return nil, err
	}
	defer in.close()
	pcm, err := decode(ctx, in)
	switch {
	case err == nil:
		return pcm, nil
	case ctx.Err() != nil:
		return nil, fmt.Errorf("converting: %w", ctx.Err())
	case in.failure() != nil:
		return nil, fmt.Errorf("reading the clip: %w", in.failure())
	case errors.As(err, new(*fault.Fault)):
		return nil, err
	default:
		return nil, &fault.Fault{Class: fault.BadInput, Reason: UnsupportedFormat, Err: fmt.Errorf("%s: %w", clip.ContentType, err)}
	}
}
