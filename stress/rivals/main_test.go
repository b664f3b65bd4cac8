package main

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// The rivals start this program anew, which is the test's here.
func TestMain(m *testing.M) {
	if served() {
		return
	}
	os.Exit(m.Run())
}

// Each rival answers all messages, at a rate that any machine has, and has figures.
func TestEachRivalAnswers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for path := dir; path != os.TempDir(); path = filepath.Dir(path) { // Postgres runs as another user then
		if err := os.Chmod(path, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	recall := filepath.Join(dir, "recall")
	if err := build(t.Context(), "../..", recall); err != nil {
		t.Fatal(err)
	}
	s := settings{idle: 20, busy: 20, rates: []int{50, 200}, lasting: time.Second, rounds: 1}
	for _, r := range all(recall, dir, "") {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			if r.name == "recall" && noPostgres() {
				t.Skip("no Postgres")
			}
			f, err := r.measure(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			if f.heap <= 0 || len(f.rates) != 2 {
				t.Errorf("%+v", f)
			}
			for _, p := range f.rates {
				if p.p50 <= 0 || p.p99 < p.p50 || p.cpu < 0 {
					t.Errorf("%+v", p)
				}
			}
		})
	}
}

func noPostgres() bool {
	if _, err := exec.LookPath("postgres"); err == nil {
		return false
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	return len(found) == 0
}

// A connection that ends, ends the measurement, not its patience.
func TestALostConnectionIsAnError(t *testing.T) {
	t.Parallel()
	r := all("", "", "bare")[0]
	p, err := start(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	conns, err := dialAll(t.Context(), r, p, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer conns.leave()
	p.stop()
	began := time.Now()
	if _, err := conns.send(context.Background(), p, 10, 2*time.Second); err == nil || time.Since(began) >= lateness {
		t.Errorf("after %v: %v", time.Since(began), err)
	}
}

// A server may answer many messages with one frame of a line each.
func TestFramesOfManyLines(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer ws.CloseNow()
		var frame []byte
		for range 3 {
			_, message, err := ws.Read(r.Context())
			if err != nil {
				return
			}
			frame = append(append(frame, message...), '\n')
		}
		ws.Write(r.Context(), websocket.MessageText, frame)
		ws.Read(r.Context())
	}))
	defer server.Close()
	p := &process{cmd: &exec.Cmd{Process: &os.Process{Pid: os.Getpid()}}, base: strings.TrimPrefix(server.URL, "http://")}
	conns, err := dialAll(t.Context(), all("", "", "bare")[0], p, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer conns.leave()
	if _, err := conns.send(t.Context(), p, 30, 100*time.Millisecond); err != nil {
		t.Error(err)
	}
}

func TestIDsOfEchoes(t *testing.T) {
	t.Parallel()
	for frame, want := range map[string]int{`{"id":7}`: 7, `{"id":12,"rpc":{}}`: 12, `{"type":"pong","id":"34","server_time":5}`: 34} {
		if id, ok := idOf([]byte(frame)); !ok || id != want {
			t.Errorf("%s: %d, %v", frame, id, ok)
		}
	}
	for _, frame := range []string{`{}`, `{"id":`, `{"id":x}`, `{"id":"`, `{"seq":1}`} {
		if id, ok := idOf([]byte(frame)); ok {
			t.Errorf("%s has the id %d", frame, id)
		}
	}
}

func TestMediansAreOfEachFigure(t *testing.T) {
	t.Parallel()
	round := func(heap float64, p50 time.Duration) figures {
		return figures{heap: heap, rates: []pace{{p50: p50}}}
	}
	m := medians([]figures{round(1, 30), round(3, 10), round(2, 20)})
	if m.heap != 2 || m.rates[0].p50 != 20 {
		t.Errorf("%+v", m)
	}
}

func TestTableHasEachRival(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	f := figures{heap: 2048, rss: 4096, rates: []pace{{cpu: 31 * time.Microsecond, p50: 200 * time.Microsecond, p99: 3 * time.Millisecond}}}
	table(&out, settings{rates: []int{50}}, []rival{{name: "bare"}}, map[string][]figures{"bare": {f}})
	rows, _, _ := strings.Cut(out.String(), "\nsent")
	if got := strings.Fields(rows); !slices.Equal(got[len(got)-6:], []string{"bare", "2.0", "4.0", "31.0", "0.20", "3.00"}) {
		t.Errorf("the table has %q", got)
	}
}

func TestRates(t *testing.T) {
	t.Parallel()
	if got, err := parseRates("2000,10000"); err != nil || !slices.Equal(got, []int{2000, 10000}) {
		t.Errorf("%v, %v", got, err)
	}
	for _, bad := range []string{"", "0", "x", "1,,2", "-5", "1000001"} {
		if _, err := parseRates(bad); err == nil {
			t.Errorf("%q has rates", bad)
		}
	}
}
