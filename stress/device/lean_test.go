package device

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// script is a server that answers each text frame with frames of a list, and then waits.
func script(t *testing.T, play func(ctx context.Context, ws *websocket.Conn)) (base string) {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"recall.v1"}})
		if err != nil {
			return
		}
		defer func() { _ = ws.CloseNow() }()
		play(r.Context(), ws)
	}))
	t.Cleanup(s.Close)
	return "ws" + strings.TrimPrefix(s.URL, "http")
}

// seen is what the callbacks of a lean device told.
type seen struct {
	types  []string
	faults []string
	code   int
}

// watch connects a lean device and waits for the end of its connection.
func watch(t *testing.T, base string, places *Places, say func(*Lean)) (s seen) {
	t.Helper()
	l, err := DialLean(t.Context(), base, LeanOptions{
		Source: 3, Places: places, Hold: true,
		Got:   func(h *Head) { s.types = append(s.types, string(h.Type)) },
		Fault: func(err error) { s.faults = append(s.faults, err.Error()) },
		Ended: func(code int) { s.code = code },
	})
	if err != nil {
		t.Fatal(err)
	}
	l.Start()
	if say != nil {
		say(l)
	}
	<-l.Done()
	return s
}

func write(ctx context.Context, ws *websocket.Conn, frames ...string) {
	for _, f := range frames {
		_ = ws.Write(ctx, websocket.MessageText, []byte(f))
	}
}

func TestLeanChecksTheNumberingAcrossConnections(t *testing.T) {
	t.Parallel()
	event := func(epoch string, seq string) string {
		return `{"type":"message","thread_id":"t","seq":` + seq + `,"epoch":"` + epoch + `"}`
	}
	answer := func(epoch, seq, recovered string) string {
		return `{"type":"subscribed","thread_id":"t","epoch":"` + epoch + `","seq":` + seq + `,"recovered":` + recovered + `}`
	}
	for name, tc := range map[string]struct {
		again []string // frames of the second connection, after events 1 and 2 of epoch a
		fault string
	}{
		"what was missed follows":      {again: []string{answer("a", "4", "true"), event("a", "3"), event("a", "4"), event("a", "5")}},
		"a part is missing":            {again: []string{answer("a", "4", "true"), event("a", "4")}, fault: "number 4 after 2"},
		"what was there comes again":   {again: []string{answer("a", "2", "true"), event("a", "2")}, fault: "number 2 after 2"},
		"cannot be bridged":            {again: []string{answer("b", "9", "false"), event("b", "10")}},
		"not bridged, and yet a gap":   {again: []string{answer("b", "9", "false"), event("b", "11")}, fault: "number 11 after 9"},
		"bridged into another epoch":   {again: []string{answer("b", "2", "true")}, fault: "recovered at b/2"},
		"recovered before it was left": {again: []string{answer("a", "1", "true")}, fault: "recovered at a/1"},
		"an event before the answer":   {again: []string{event("a", "3"), answer("a", "3", "true")}, fault: "before the answer"},
		"merged pieces":                {again: []string{answer("a", "2", "true"), `{"type":"x","thread_id":"t","seq":5,"first_seq":3,"epoch":"a"}`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hellos := make(chan string, 1)
			base := script(t, func(ctx context.Context, ws *websocket.Conn) {
				_, raw, _ := ws.Read(ctx)
				if !strings.Contains(string(raw), `"resume":[{`) {
					write(ctx, ws, event("a", "1"), event("a", "2"))
				} else {
					hellos <- string(raw)
					write(ctx, ws, tc.again...)
				}
				_ = ws.Close(4012, "")
			})
			places := NewPlaces()
			hello := func(l *Lean) { _ = l.Hello("h", "token") }
			if first := watch(t, base, places, hello); len(first.faults) > 0 || first.code != 4012 {
				t.Fatalf("first connection: %+v", first)
			}
			second := watch(t, base, places, hello)
			checkHello(t, <-hellos)
			switch {
			case tc.fault == "" && len(second.faults) > 0:
				t.Errorf("faults: %q", second.faults)
			case tc.fault != "" && (len(second.faults) == 0 || !strings.Contains(second.faults[0], tc.fault)):
				t.Errorf("faults: %q, want %q", second.faults, tc.fault)
			}
		})
	}
}

func checkHello(t *testing.T, raw string) {
	t.Helper()
	var hello struct {
		Type, ID, Token string
		Resume          []struct {
			Thread string `json:"thread_id"`
			Epoch  string `json:"epoch"`
			After  int64  `json:"after_seq"`
		}
	}
	if err := json.Unmarshal([]byte(raw), &hello); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	if hello.Type != "hello" || hello.ID != "h" || hello.Token != "token" || len(hello.Resume) != 1 || hello.Resume[0].Epoch != "a" || hello.Resume[0].After != 2 {
		t.Errorf("hello is %s", raw)
	}
}

func TestLeanSendsCommandsAndTellsTheEnd(t *testing.T) {
	t.Parallel()
	base := script(t, func(ctx context.Context, ws *websocket.Conn) {
		for _, want := range []string{`{"type":"ping","id":"l1"}`, `{"type":"thread.list","id":"l2","limit":5}`} {
			if _, raw, _ := ws.Read(ctx); string(raw) != want {
				t.Errorf("got %s, want %s", raw, want)
			}
		}
		write(ctx, ws, `{"type":"pong","id":"l1"}`, `not JSON`, `{"type":"threads","id":"l2"}`)
		_ = ws.CloseNow()
	})
	s := watch(t, base, nil, func(l *Lean) {
		_ = l.Fire(l.ID(), "ping", "")
		_ = l.Fire(l.ID(), "thread.list", `"limit":5`)
	})
	if strings.Join(s.types, " ") != "pong threads" || len(s.faults) != 1 || s.code != -1 {
		t.Errorf("%+v", s)
	}
}

func TestLeanCutsWithoutAWord(t *testing.T) {
	t.Parallel()
	codes := make(chan websocket.StatusCode, 1)
	base := script(t, func(ctx context.Context, ws *websocket.Conn) {
		_, _, err := ws.Read(ctx)
		codes <- websocket.CloseStatus(err)
	})
	watch(t, base, nil, (*Lean).Drop)
	if code := <-codes; code != -1 {
		t.Errorf("the server saw close code %d, want none", code)
	}
}

// Connections come from as many addresses as are asked for.
func TestSources(t *testing.T) {
	t.Parallel()
	for i, want := range map[int]string{1: "127.0.0.1", 3: "127.0.0.3", 257: "127.0.1.1"} {
		if got := Source(i).String(); got != want {
			t.Errorf("source %d is %s, want %s", i, got, want)
		}
	}
}
