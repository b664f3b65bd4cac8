package audio

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"recall/actors/recall"
)

// What ffmpeg may take a recording for. Playlists (HLS, concat and the like) are
// left out: they name other files and addresses. Formats that name none are safe in
// a pipe; those of the MP4 family need a file, and may name others (which ffmpeg
// ignores unless told otherwise), so that they are all that a file may be.
const (
	pipeFormats = "wav,w64,aiff,caf,au,mp3,aac,flac,ogg,matroska,webm,amr,asf"
	fileFormats = "mov"
)

const (
	biggestAllocation = 256 << 20       // bytes, of a single one in ffmpeg
	mostComplaint     = 2 << 10         // bytes of what ffmpeg says is wrong
	afterKill         = 5 * time.Second // for the pipes of a killed ffmpeg to close
)

// byFFmpeg converts through ffmpeg. If it cannot be started, it is as if it were not
// installed.
func (c *Converter) byFFmpeg(ctx context.Context, in *input) ([]byte, error) {
	cmd := exec.CommandContext(ctx, c.ffmpeg)
	if in.needsSeek() {
		clip, err := in.spool(c.tempDir)
		if err != nil {
			return nil, err
		}
		defer func() { _ = clip.Close() }()
		cmd.ExtraFiles = []*os.File{clip}
		cmd.Args = append(cmd.Args, arguments("file", fileFormats, "file:/dev/fd/3")...) // the first of them
	} else {
		cmd.Args = append(cmd.Args, arguments("pipe", pipeFormats, "pipe:0")...)
		cmd.Stdin = in
	}
	out, complaint := &capped{most: longest}, &capped{most: mostComplaint}
	cmd.Stdout, cmd.Stderr = out, complaint
	cmd.Env = environment()
	cmd.WaitDelay = afterKill
	if err := cmd.Start(); err != nil {
		return c.instead(ctx, in, err)
	}
	confine(cmd.Process.Pid)
	end := cmd.Wait()
	return heard(end, out.bytes, complaint)
}

// heard judges the end of ffmpeg. A recording that breaks off is heard as far as it
// goes, so that only an ffmpeg without any sound has failed.
func heard(end error, out []byte, complaint *capped) ([]byte, error) {
	if pcm := First(out, seconds); len(pcm) > 0 {
		return pcm, nil
	}
	if end == nil {
		end = errors.New("no sound in it")
	}
	return nil, fmt.Errorf("ffmpeg: %w: %s", end, complaint)
}

// instead decodes in Go what a missing ffmpeg has not read yet. A spooled clip has
// been: MP4 is nothing that we could decode.
func (c *Converter) instead(ctx context.Context, in *input, err error) ([]byte, error) {
	pcm, nerr := native(ctx, in)
	if nerr != nil {
		return nil, errors.Join(err, nerr)
	}
	return pcm, nil
}

// arguments of ffmpeg: read input by one protocol and as one of formats, nothing
// but its sound, one thread, and write 12 s of samples to its output.
func arguments(protocol, formats, input string) []string {
	return []string{
		"-nostdin", "-hide_banner", "-loglevel", "error",
		"-max_alloc", strconv.Itoa(biggestAllocation),
		"-protocol_whitelist", protocol, "-format_whitelist", formats,
		"-threads", "1", "-i", input,
		"-vn", "-sn", "-dn", "-t", strconv.Itoa(seconds),
		"-ar", strconv.Itoa(recall.SampleRate), "-ac", "1",
		"-threads", "1", "-f", "s16le", "pipe:1",
	}
}

// environment is what ffmpeg needs to run. Our keys are in the environment too, and
// are nothing for a program that reads strangers' files.
func environment() []string {
	kept := []string{"AV_LOG_FORCE_NOCOLOR=1"}
	for _, name := range []string{"PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR"} {
		if value, there := os.LookupEnv(name); there {
			kept = append(kept, name+"="+value)
		}
	}
	return kept
}

// capped keeps the first bytes that are written to it and takes the rest.
type capped struct {
	bytes []byte
	most  int
}

// Write implements io.Writer.
func (c *capped) Write(p []byte) (int, error) {
	c.bytes = append(c.bytes, p[:min(len(p), c.most-len(c.bytes))]...)
	return len(p), nil
}

// String is the text for a log.
func (c *capped) String() string {
	return strings.ToValidUTF8(strings.TrimSpace(string(c.bytes)), "?")
}
