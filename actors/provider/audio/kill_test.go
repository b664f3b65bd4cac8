//go:build unix

package audio

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"recall/actors/provider/fault"
)

// stand puts a program in ffmpeg's place, which tells its process id and stays.
func stand(t *testing.T) (path, pidFile string) {
	t.Helper()
	if _, err := os.Stat("/bin/sh"); err != nil {
		t.Skip("needs a shell")
	}
	dir := t.TempDir()
	path, pidFile = filepath.Join(dir, "ffmpeg"), filepath.Join(dir, "pid")
	if err := syscall.Mkfifo(pidFile, 0o600); err != nil {
		t.Skip("needs named pipes:", err)
	}
	script, err := filepath.Abs("testdata/stand-in.sh")
	if err != nil {
		t.Fatal(err)
	}
	// A link, since a program that was just written may still be open for writing in
	// a process that another test is starting, and does not start then.
	if err := os.Symlink(script, path); err != nil {
		t.Fatal(err)
	}
	return path, pidFile
}

// TestTheEndOfTheContextKillsFFmpeg and nothing of it is left, not even a zombie.
func TestTheEndOfTheContextKillsFFmpeg(t *testing.T) {
	t.Parallel()
	path, pidFile := stand(t)
	c := New(Config{FFmpeg: path, Timeout: patience})
	ctx, cancel := context.WithCancel(t.Context())
	quiet := clip(WAV(sine(440, 1)))
	quiet.SHA256 = "" // not shared: Decode returns when all is over
	done := decodeLater(ctx, c, quiet)
	text, err := os.ReadFile(pidFile) // until it runs
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if f := fault.Of(<-done); f == nil || f.Class != fault.Canceled {
		t.Error(f)
	}
	if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("process %d is still there: %v", pid, err)
	}
}
