package services

import (
	"os"
	"strings"
	"sync"
)

// heard is what a recording is, or what a picture shows.
type heard struct {
	kind    string
	text    string
	seconds float64 // of the recording
	failed  bool    // it could not be read here
	hash    string
}

// Below this root mean square nothing is heard; above this flatness, only noise.
const (
	quiet = 0.003
	hiss  = 0.6
)

// longestMemory bounds what is remembered of recordings heard before.
const longestMemory = 512

// ears listens to recordings, once to each.
type ears struct {
	scripts *scripts
	mu      sync.Mutex
	before  map[string]heard
}

func newEars(s *scripts) *ears { return &ears{scripts: s, before: map[string]heard{}} }

// file hears a recording of any format.
func (e *ears) file(content []byte) heard {
	return e.listen(content, func() (sound, bool) { return soundOfFileOnDisk(content) })
}

// pcm hears raw samples: 44,100 Hz, mono, 16 bit little-endian.
func (e *ears) pcm(content []byte) heard {
	return e.listen(content, func() (sound, bool) { return soundOfPCM(content, clipRate, 1), true })
}

func (e *ears) listen(content []byte, read func() (sound, bool)) heard {
	hash := hashOf(content)
	h, known := e.recall(hash)
	if !known {
		s, ok := read()
		h = recognize(s)
		h.failed = !ok
		e.remember(hash, h)
	}
	h.hash = hash
	if name, scripted := e.scripts.answer(hash); scripted {
		h.kind, h.text, _ = strings.Cut(name, ":")
		h.failed = false
	}
	return h
}

func (e *ears) recall(hash string) (heard, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	h, ok := e.before[hash]
	return h, ok
}

func (e *ears) remember(hash string, h heard) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.before) >= longestMemory {
		clear(e.before)
	}
	e.before[hash] = h
}

func recognize(s sound) heard {
	h := heard{seconds: s.seconds}
	switch {
	case loudness(s) < quiet:
		h.kind = KindSilence
	default:
		if name, ok := nameIn(s); ok {
			h.kind, h.text, _ = strings.Cut(name, ":")
		} else if flatness(s) > hiss {
			h.kind = KindNoise
		}
	}
	return h
}

// soundOfFileOnDisk tries a file where a pipe is not enough: an MP4 whose index
// comes last has to be read backwards.
func soundOfFileOnDisk(content []byte) (sound, bool) {
	if s, ok := soundOfFile(content); ok && len(s.samples) > 0 {
		return s, true
	}
	f, err := os.CreateTemp("", "emulator-*.audio")
	if err != nil {
		return sound{}, false
	}
	defer os.Remove(f.Name()) //nolint:errcheck // a file that stays is swept with the rest of the folder
	_, err = f.Write(content)
	if closed := f.Close(); err != nil || closed != nil {
		return sound{}, false
	}
	return soundByFFmpeg(f.Name(), nil)
}
