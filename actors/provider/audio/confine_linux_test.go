package audio

import (
	"bytes"
	"encoding/binary"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// TestManyTracksTakeNoMoreMemory: each of ten tracks of a small MP4 declares ten
// million samples, for which ffmpeg makes room, 240 MB. No ffmpeg of all that these
// tests run may have taken more than it is given.
func TestManyTracksTakeNoMoreMemory(t *testing.T) {
	t.Parallel()
	bomb := manyTracks(10, 10_000_000)
	if len(bomb) > 16<<10 {
		t.Fatalf("%d bytes are no bomb", len(bomb))
	}
	_, err := withFFmpeg(t).Decode(t.Context(), clip(bomb))
	t.Log(err)
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &used); err != nil {
		t.Fatal(err)
	}
	const programItself = 128 << 20 // its libraries are no memory of its own
	if most := used.Maxrss << 10; most > mostMemory+programItself {
		t.Errorf("an ffmpeg took %d MiB", most>>20)
	}
}

// TestAProgramIsConfined in memory and time while it runs.
func TestAProgramIsConfined(t *testing.T) {
	t.Parallel()
	path, pidFile := stand(t)
	program := exec.CommandContext(t.Context(), path)
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.ReadFile(pidFile); err != nil { // until it runs
		t.Fatal(err)
	}
	confine(program.Process.Pid)
	for resource, most := range map[int]uint64{unix.RLIMIT_DATA: mostMemory, unix.RLIMIT_CPU: mostTime} {
		var is unix.Rlimit
		if err := unix.Prlimit(program.Process.Pid, resource, nil, &is); err != nil || is != (unix.Rlimit{Cur: most, Max: most}) {
			t.Errorf("resource %d: %+v, %v", resource, is, err)
		}
	}
	_ = program.Process.Kill()
	_ = program.Wait()
}

// manyTracks is an MP4 whose tracks are of so many samples of a byte each.
func manyTracks(tracks, samples uint32) []byte {
	content := [][]byte{atom("mvhd", words(0, 0, 0, 1000, 1000, 0x10000), make([]byte, 76))}
	for range tracks {
		content = append(content, atom("trak", atom("tkhd", words(7, 0, 0, 1), make([]byte, 68)), atom("mdia",
			atom("mdhd", words(0, 0, 0, 44100, 0, 0)),
			atom("hdlr", words(0, 0), []byte("soun"), make([]byte, 13)),
			atom("minf", atom("stbl", sampleTables(samples)...)))))
	}
	return bytes.Join([][]byte{atom("ftyp", []byte("M4A \x00\x00\x02\x00M4A isom")), atom("moov", content...)}, nil)
}

// sampleTables say that all samples lie in one chunk.
func sampleTables(samples uint32) [][]byte {
	sound := words(0, 1, 0, 0, 1<<16|16, 0, 44100<<16)
	return [][]byte{
		atom("stsd", words(0, 1), atom("mp4a", sound)),
		atom("stts", words(0, 1, samples, 1024)),
		atom("stsc", words(0, 1, 1, samples, 1)),
		atom("stsz", words(0, 1, samples)),
		atom("stco", words(0, 1, 40)),
	}
}

// atom is a box of an MP4: its length, its name, its content.
func atom(name string, content ...[]byte) []byte {
	body := bytes.Join(content, nil)
	return append(append(words(uint32(len(body)+8)), name...), body...)
}

func words(all ...uint32) (out []byte) {
	for _, w := range all {
		out = binary.BigEndian.AppendUint32(out, w)
	}
	return out
}
