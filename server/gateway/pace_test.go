package gateway

import (
	"bytes"
	"context"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"recall/actors/session"
	"recall/wire"
)

// stream is a socket on which everything has come already.
type stream struct {
	net.Conn
	io.Reader
}

func (s stream) Read(p []byte) (int, error) { return s.Reader.Read(p) }

// tally counts what Metrics is told.
type tally map[string]int

func (tally) Closed(wire.CloseCode) {}
func (t tally) Flooded(what string) { t[what]++ }

// pacedStream gives size bytes to a connection with these bounds. Its clock is that of
// the bubble.
func pacedStream(burst, rate, size int) (*socket, tally) {
	cfg, told := Config{ByteBurst: burst, BytesPerSecond: rate}, tally{}
	g := &Gateway{cfg: cfg, now: time.Now, metrics: told}
	c := &conn{g: g, bytes: newBucket(burst, rate)}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	c.sock.c, c.sock.Conn = c, stream{Reader: bytes.NewReader(make([]byte, size))}
	return &c.sock, told
}

func TestPace(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		burst, rate, size int
		least, most       time.Duration
		floods            int
	}{
		"within the burst": {1 << 20, 1 << 10, 1 << 20, 0, 0, 0},
		"beyond it":        {256 << 10, 64 << 10, 1 << 20, 11 * time.Second, 12 * time.Second, 1}, // the last read is not waited for
		"a tiny allowance": {10, 2, 50, 19 * time.Second, 20 * time.Second, 1},
		"without a limit":  {0, 0, 1 << 20, 0, 0, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			p, told := pacedStream(c.burst, c.rate, c.size)
			defer p.c.cancel()
			start := time.Now()
			content, err := io.ReadAll(io.LimitReader(p, int64(c.size)))
			if took := time.Since(start); len(content) != c.size || err != nil || took < c.least || took > c.most {
				t.Errorf("%s: %d bytes in %v, %v", name, len(content), took, err)
			}
			if told["bytes"] != c.floods {
				t.Errorf("%s: %d floods", name, told["bytes"])
			}
		})
	}
}

// Who rests gets the burst again, and the next flood counts anew.
func TestPaceRecovers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, told := pacedStream(1000, 100, 5000)
		defer p.c.cancel()
		for range 2 {
			_, _ = io.CopyN(io.Discard, p, 1300)
			time.Sleep(time.Minute) // of the bubble
			start := time.Now()
			if _, err := io.CopyN(io.Discard, p, 1000); err != nil || time.Since(start) > 0 {
				t.Errorf("after a rest the burst takes %v, %v", time.Since(start), err)
			}
			time.Sleep(time.Minute)
		}
		if told["bytes"] != 2 {
			t.Errorf("%d floods", told["bytes"])
		}
	})
}

// While the reader waits nobody takes the client for dead, and the end of the
// connection ends the wait.
func TestPaceIsNoSilence(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, _ := pacedStream(100, 1, 1000)
		ended := make(chan error)
		go func() { _, err := io.Copy(io.Discard, p); ended <- err }()
		for range 10 {
			synctest.Wait()
			if !p.c.held.Load() || time.Since(time.Unix(0, p.c.seen.Load())) > longestPause && p.c.seen.Load() > 0 {
				t.Error("the reader waits, and the client is to blame")
			}
			time.Sleep(longestPause)
		}
		p.c.cancel()
		if err := <-ended; err == nil {
			t.Error("the wait outlives the connection")
		}
	})
}

// A flood of bytes is read more slowly: nothing is refused, and nothing is lost.
func TestFloodOfBytes(t *testing.T) {
	w := start(t, func(c *Config) { c.ByteBurst, c.BytesPerSecond = 1000, 1000 })
	w.now = time.Unix(1000, 0)
	c, p := w.connect()
	c.send(padded(900))
	next[*session.Received](t, p).Done()
	c.send(padded(900))
	if what := <-w.floods; what != "bytes" {
		t.Error(what)
	}
	c.send(padded(900))
	select {
	case m := <-p.told:
		t.Errorf("%T was read beyond the allowance", m)
	default:
	}
	w.later(time.Hour)
	next[*session.Received](t, p).Done()
	w.later(time.Hour)
	if m := next[*session.Received](t, p); m.Fault != nil {
		t.Error(m.Fault)
	}
}

func TestUploadBeyondTheBurst(t *testing.T) {
	w, c := edge(t, func(c *Config) { c.ByteBurst, c.BytesPerSecond = 256<<10, 4<<20 })
	content := voice(1 << 20)
	o := c.open("")
	w.set(time.Now()) // stands still: however slow this machine is, the upload is too fast
	flooded := make(chan string, 1)
	go func() {
		flooded <- <-w.floods
		w.set(time.Time{}) // goes on
	}()
	c.chunks(o.Channel, content, 60_000)
	c.stored(o.MediaID, content)
	if what := <-flooded; what != "bytes" {
		t.Error(what)
	}
}

func TestUploadWithinTheBurst(t *testing.T) {
	w, c := edge(t, func(c *Config) { c.ByteBurst, c.BytesPerSecond = 1<<20, 1 })
	content := voice(1_000_000)
	o := c.open("")
	c.chunks(o.Channel, content, 60_000)
	c.stored(o.MediaID, content)
	if len(w.floods) > 0 {
		t.Error("slowed down")
	}
}

// Pings count as frames: in a flood the pong waits.
func TestFloodOfPings(t *testing.T) {
	w := start(t, func(c *Config) { c.FrameBurst, c.FramesPerSecond = 3, 1000 })
	w.now = time.Unix(1000, 0)
	c, _ := w.connect()
	go func() { _, _, _ = c.ws.Read(c.ctx) }() // takes the pongs
	for range 3 {
		if err := c.ws.Ping(c.ctx); err != nil {
			t.Fatal(err)
		}
	}
	if len(w.floods) > 0 {
		t.Error("the burst is a flood")
	}
	answered := make(chan error, 1)
	go func() { answered <- c.ws.Ping(c.ctx) }()
	if what := <-w.floods; what != "frames" {
		t.Error(what)
	}
	w.later(time.Second)
	if err := <-answered; err != nil {
		t.Error(err)
	}
}
