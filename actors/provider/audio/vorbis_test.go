package audio

import (
	"bufio"
	"bytes"
	"testing"
)

// bitWriter writes least significant bits first.
type bitWriter struct {
	data []byte
	n    int
}

func (w *bitWriter) write(v uint32, n int) *bitWriter {
	for i := range n {
		if w.n%8 == 0 {
			w.data = append(w.data, 0)
		}
		w.data[w.n/8] |= byte(v>>i&1) << (w.n % 8)
		w.n++
	}
	return w
}

func book(offset int, dimensions, entries uint32) *bitWriter {
	return new(bitWriter).write(0, offset).write(bookMark, 24).write(dimensions, 16).write(entries, 24)
}

// TestBooksThatWouldHangOrFill: each of these keeps the decoder busy forever or
// makes it ask for more memory than there is.
func TestBooksThatWouldHangOrFill(t *testing.T) {
	t.Parallel()
	for offset := range 8 {
		for name, w := range map[string]*bitWriter{
			"no entries":         book(offset, 1, 0),
			"no dimensions":      book(offset, 0, 4).write(0, 2).write(0, 20),
			"sixteen million":    book(offset, 1, 1<<24-1).write(0, 200),
			"too many numbers":   book(offset, 65535, 4096).write(1, 2).write(1<<5, 6),
			"ordered, cut off":   book(offset, 1, 4096).write(1, 1),
			"sparse, none used":  book(offset, 1, 16).write(2, 2).write(0, 100),
			"sparse and cut off": book(offset, 1, 16).write(2, 2),
		} {
			if checkSetup(append([]byte("\x05vorbis"), w.data...)) == nil {
				t.Errorf("%s at bit %d is let through", name, offset)
			}
		}
	}
}

func TestTrueBooksAreLetThrough(t *testing.T) {
	t.Parallel()
	p := &packets{r: bufio.NewReader(bytes.NewReader(fixture(t, "tone.ogg")))}
	for range 2 {
		if _, err := p.next(); err != nil {
			t.Fatal(err)
		}
	}
	setup, err := p.next()
	if err != nil || len(setup) < 1000 {
		t.Fatal(len(setup), err)
	}
	if err := checkSetup(setup); err != nil {
		t.Error(err)
	}
	if checkSetup(append([]byte{3}, setup[1:]...)) == nil {
		t.Error("comments are read as the setup")
	}
	if !bytes.Contains(setup, []byte("BCV")) {
		t.Error("no book is found: this test proves nothing")
	}
}
