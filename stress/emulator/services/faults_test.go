package services

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"
)

// met is what a client meets on the wire.
type met struct {
	answered
	failed  error // of the request itself
	cut     error // of the body
	stalled bool  // before or in the body: the client left in the end
}

// meet calls a service and leaves as soon as the double is known to stall: when
// the call has not ended though all that it sends has come.
func meet(t *testing.T, s *Server, service string, stalls bool) met {
	t.Helper()
	ctx, leave := context.WithCancel(enough(t))
	defer leave()
	r := example(ctx, t, s, service)
	if stalls {
		go func() {
			_ = s.WaitStarted(ctx, service, 1)
			leave()
		}()
	}
	resp, err := client.Do(r)
	if err != nil {
		return met{failed: err, stalled: errors.Is(err, context.Canceled)}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return met{answered{resp.StatusCode, resp.Header, string(body)}, nil, err, errors.Is(err, context.Canceled)}
}

// TestEveryFaultIsOnTheWire plays every fault of every service against a client that
// knows nothing but HTTP.
func TestEveryFaultIsOnTheWire(t *testing.T) {
	t.Parallel()
	shared := newEars(newScripts())
	for _, service := range Names() {
		seen := map[string]bool{}
		for _, f := range Faults(service) {
			if seen[f.Name] {
				t.Errorf("%s has two faults called %s", service, f.Name)
			}
			seen[f.Name] = true
			t.Run(service+"/"+f.Name, func(t *testing.T) {
				t.Parallel()
				s := start(t, Options{ears: shared})
				s.Inject(service, f, 1)
				m := meet(t, s, service, f.Expect == Timeout && f.deliver != nil)
				wantWire(t, f, m)
				if err := s.WaitEnded(enough(t), service, 1); err != nil {
					t.Fatal(err)
				}
				if c := s.Log()[0]; c.Fault != f.Name || f.Expect != OK && c.Outcome != f.Expect || c.Cancelled != m.stalled {
					t.Errorf("log: %+v", c)
				}
				if m := meet(t, s, service, false); m.status != 200 || m.failed != nil || m.cut != nil {
					t.Errorf("the next call: %+v", m)
				}
			})
		}
	}
}

// A stall in a stream comes after some of the stream, and ends with the client.
func TestStreamStallsInTheMiddle(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	if err := s.InjectNamed(GPT4o, "stall_in_stream", -1); err != nil {
		t.Fatal(err)
	}
	ctx, leave := context.WithCancel(enough(t))
	defer leave()
	resp, err := client.Do(example(ctx, t, s, GPT4o))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	line, err := bufio.NewReader(resp.Body).ReadString('\n')
	if err != nil || !strings.Contains(line, `"role":"assistant"`) {
		t.Fatalf("%q %v", line, err)
	}
	if c := s.Log()[0]; !c.End.IsZero() {
		t.Error("the call has ended")
	}
	leave()
	if err := s.WaitCancelled(enough(t), GPT4o, 1); err != nil {
		t.Fatal(err)
	}
}

// Closing ends what stalls, so that no test leaves a goroutine behind.
func TestCloseEndsStalls(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"stall_before_headers", "stall_in_body", "slow_headers"} {
		s := start(t, Options{})
		if err := s.InjectNamed(Lyrics, name, 1); err != nil {
			t.Fatal(err)
		}
		over := make(chan error, 1)
		r := example(enough(t), t, s, Lyrics)
		go func() {
			resp, err := client.Do(r)
			if err == nil {
				_, err = io.ReadAll(resp.Body)
				resp.Body.Close()
			}
			over <- err
		}()
		if err := s.WaitStarted(enough(t), Lyrics, 1); err != nil {
			t.Fatal(err)
		}
		s.Close()
		if err := <-over; err == nil && name != "stall_before_headers" {
			t.Errorf("%s: a whole answer came", name)
		}
	}
}

// Bytes that are written one by one cut characters, and join to the same text.
func TestSplitCharactersJoin(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	good := send(t, example(enough(t), t, s, GPT4oMini))
	if err := s.InjectNamed(GPT4oMini, "split_utf8", 1); err != nil {
		t.Fatal(err)
	}
	split := send(t, example(enough(t), t, s, GPT4oMini))
	if contentOf(t, good) != contentOf(t, split) || len(split.body) == utf8.RuneCountInString(split.body) {
		t.Errorf("%q\n%q", good.body, split.body)
	}
}

func TestOddStreamsHaveTheSameEvents(t *testing.T) {
	t.Parallel()
	parts := [][]byte{event([]byte(`{"a":1}`)), event([]byte("[DONE]"))}
	r := odd(reply{parts: parts})
	if all := r.body(); !bytes.Contains(all, []byte("data:{\"a\":1}\r\n\r\n")) || !bytes.Contains(all, []byte(": ping\r\n")) {
		t.Errorf("%q", all)
	}
}
