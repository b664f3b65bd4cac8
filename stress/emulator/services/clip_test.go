package services

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestClipsAreHeardAfterCoding(t *testing.T) {
	t.Parallel()
	ffmpeg, err := exec.LookPath("ffmpeg")
	if err != nil {
		t.Skip("ffmpeg is not installed")
	}
	for _, coding := range [][]string{
		{"m4a", "-c:a", "aac", "-b:a", "32k"},
		{"m4a", "-c:a", "aac", "-b:a", "64k", "-ar", "48000", "-ac", "2"},
		{"ogg", "-c:a", "libopus", "-b:a", "16k"},
		{"ogg", "-c:a", "libopus", "-b:a", "24k", "-application", "voip"},
		{"webm", "-c:a", "libopus", "-b:a", "32k"},
		{"mp3", "-c:a", "libmp3lame", "-b:a", "32k"},
		{"ogg", "-c:a", "libvorbis", "-q:a", "0"},
		{"flac", "-ar", "8000"},
		{"wav", "-ar", "16000"},
		{"wav", "-ar", "48000", "-ac", "2"},
	} {
		names := []string{"hum:Für Elise", "speech:80s Norwegian band with a very high voice"}
		if coding[len(coding)-1] == "32k" { // the worst of each kind will do
			names = append(names, "silence", "noise")
		}
		for _, name := range names {
			t.Run(coding[0]+coding[len(coding)-1]+"/"+name, func(t *testing.T) {
				t.Parallel()
				out := filepath.Join(t.TempDir(), "x."+coding[0])
				args := append([]string{"-v", "error", "-i", "pipe:0"}, coding[1:]...)
				cmd := exec.CommandContext(t.Context(), ffmpeg, append(args, out)...)
				cmd.Stdin = bytes.NewReader(Clip(name))
				if text, err := cmd.CombinedOutput(); err != nil {
					t.Fatalf("%v: %s", err, text)
				}
				content, err := os.ReadFile(out)
				if err != nil {
					t.Fatal(err)
				}
				wantHeard(t, newEars(newScripts()).file(content), name)
			})
		}
	}
}

func wantHeard(t *testing.T, h heard, want string) {
	t.Helper()
	got := h.kind
	if h.text != "" {
		got += ":" + h.text
	}
	if got != want {
		t.Errorf("heard %q (%.1f s, failed %v), want %q", got, h.seconds, h.failed, want)
	}
}
