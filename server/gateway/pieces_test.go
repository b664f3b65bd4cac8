package gateway

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/iotest"
	"time"

	"recall/wire"
)

func TestReadAll(t *testing.T) {
	t.Parallel()
	for _, room := range []int{0, 3, 100} {
		for size := range 12 {
			data := bytes.Repeat([]byte("x"), size)
			for name, r := range map[string]io.Reader{
				"whole": bytes.NewReader(data), "bytes": iotest.OneByteReader(bytes.NewReader(data)), "data and end": iotest.DataErrReader(bytes.NewReader(data)),
			} {
				got, err := readAll(make([]byte, 0, room), r, 10)
				if size <= 10 && (err != nil || !bytes.Equal(got, data)) || size > 10 && !errors.Is(err, errTooLarge) || len(got) > 11 {
					t.Errorf("%d bytes (%s) into %d: %d bytes, %v", size, name, room, len(got), err)
				}
			}
		}
	}
	broken := errors.New("broken")
	if _, err := readAll(nil, io.MultiReader(bytes.NewReader([]byte("x")), iotest.ErrReader(broken)), 10); !errors.Is(err, broken) {
		t.Error(err)
	}
}

// Who waits as long as he is told is let in, whatever the rate.
func TestBucketKeepsItsWord(t *testing.T) {
	t.Parallel()
	for rate := 1; rate <= 1000; rate += 7 {
		now := time.Unix(0, 0)
		b := newBucket(3, rate)
		for range 3 {
			if b.take(now) != 0 {
				t.Fatalf("rate %d: the burst is refused", rate)
			}
		}
		for i := range 50 {
			now = now.Add(time.Duration(i) * 100 * time.Microsecond)
			wait := b.take(now)
			if wait == 0 {
				continue
			}
			if wait > time.Second/time.Duration(rate)+1 {
				t.Fatalf("rate %d: wait %v", rate, wait)
			}
			now = now.Add(time.Duration(wire.CeilMS(wait)) * time.Millisecond)
			if again := b.take(now); again != 0 {
				t.Fatalf("rate %d: after the wait of %v another %v", rate, wait, again)
			}
		}
	}
	now := time.Unix(0, 0)
	b := newBucket(3, 1000)
	now = now.Add(time.Hour) // a long rest saves up no more than the burst
	for i := range 4 {
		if wait := b.take(now); (wait > 0) != (i == 3) {
			t.Errorf("frame %d: wait %v", i, wait)
		}
	}
}

type hijacked struct {
	http.ResponseWriter
	nc  net.Conn
	brw *bufio.ReadWriter
	err error
}

func (h hijacked) Hijack() (net.Conn, *bufio.ReadWriter, error) { return h.nc, h.brw, h.err }

func TestLean(t *testing.T) {
	t.Parallel()
	nc, other := net.Pipe()
	defer nc.Close()
	defer other.Close()
	early := bufio.NewReader(bytes.NewReader([]byte("early")))
	_, _ = early.Peek(1)
	large := bufio.NewReadWriter(bufio.NewReader(nc), bufio.NewWriter(nc))
	filled := bufio.NewReadWriter(early, bufio.NewWriter(nc))
	rec := httptest.NewRecorder()
	_, brw, err := lean{hijacked{rec, nc, large, nil}, &conn{}}.Hijack()
	if err != nil || brw.Reader.Size() > libraryBuffer || brw.Writer.Size() > libraryBuffer {
		t.Errorf("%d and %d bytes for each connection, %v", brw.Reader.Size(), brw.Writer.Size(), err)
	}
	c := &conn{}
	if _, brw, _ := (lean{hijacked{rec, nc, filled, nil}, c}).Hijack(); string(c.sock.in) != "early" || brw.Reader != c.sock.br {
		t.Error("early frames are lost")
	}
	if _, _, err := (lean{rec, nil}).Hijack(); err == nil {
		t.Error("a writer without a connection was hijacked")
	}
}
