package openai_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"testing"

	"recall/actors/provider/openai"
)

const large = 25<<20 - 4096 // bytes: fits a request of 25 MiB

// zeros is a file of any size.
type zeros struct{ left int64 }

func (z *zeros) Read(b []byte) (int, error) {
	if z.left == 0 {
		return 0, io.EOF
	}
	n := min(int64(len(b)), z.left)
	clear(b[:n])
	z.left -= n
	return int(n), nil
}

func largeFile(name, contentType string) openai.File {
	return openai.File{Name: name, ContentType: contentType, Size: large, Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(&zeros{large}), nil
	}}
}

// TestLargeFilesAreNotHeld sends 25 MiB and counts everything that was allocated
// meanwhile, on both sides. It runs alone: others would be counted too.
func TestLargeFilesAreNotHeld(t *testing.T) { //nolint:paralleltest // counts the allocations of the process
	var got int64
	c := serve(t, openai.Config{}, func(w http.ResponseWriter, r *http.Request) {
		got, _ = io.Copy(io.Discard, r.Body)
		fmt.Fprint(w, `{"text":"x","choices":[{"message":{"content":"x"},"finish_reason":"stop"}]}`)
	})
	q := question()
	q.Messages[0].Image = &openai.Image{File: largeFile("p.png", "image/png")}
	for name, call := range map[string]func() error{
		"recording": func() error {
			_, err := c.Transcribe(t.Context(), openai.TranscriptionRequest{Model: "m", File: largeFile("n.wav", "audio/wav")}, nil)
			return err
		},
		"picture": func() error { _, err := c.Chat(t.Context(), q); return err },
	} {
		if n := allocated(func() {
			if err := call(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}); n > 1<<20 {
			t.Errorf("%s: %d bytes were allocated for %d", name, n, got)
		}
		if got < large {
			t.Errorf("%s: %d bytes came", name, got)
		}
	}
}

func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
