package services

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
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

// wire is what each fault of a name must look like; those that are no more than
// a status and a word in the body are in the table.
var wire = map[string]struct {
	status int
	says   string
}{
	"status_500": {500, "{"}, "status_502": {502, "{"}, "status_503": {503, "{"}, "html_502": {502, "<html>"}, "empty_500": {500, ""}, "html_200": {200, "<html>"},
	"wrong_content_type": {200, ""}, "latency_fixed": {200, ""}, "latency_lognormal": {200, ""}, "odd_sse": {200, ""}, "split_utf8": {200, ""},
	"throttled_seconds": {429, ""}, "throttled_date": {429, ""}, "throttled_ms": {429, ""}, "throttled_reset": {429, ""}, "throttled_bare": {429, ""},
	"throttled_text": {429, "try again in 18.642s"}, "throttled_text_ms": {429, "try again in 644ms"},
	"insufficient_quota": {429, `"code":"insufficient_quota"`}, "credit_exhausted": {429, "credit_balance_exhausted"},
	"region": {403, ""}, "model_not_found": {404, "model_not_found"}, "too_large": {413, "server_error"}, "bad_request": {400, ""},
	"overloaded": {503, "server_is_overloaded"}, "slow_down": {503, "slow_down"}, "string_error": {500, `{"error":"`},
	"invalid_format": {400, "Supported formats"}, "unsupported_format": {400, "unsupported_format"}, "too_short": {400, "audio_too_short"}, "too_long": {400, "1400 seconds"},
	"empty_transcript": {200, `"text":""`}, "usage_without_choices": {200, `"usage":{`}, "refusal": {200, `"refusal":"I`}, "finish_length": {200, `"finish_reason":"length"`},
	"finish_content_filter": {200, `"finish_reason":"content_filter"`}, "content_not_json": {200, "Sure"}, "error_before_stream": {200, `data: {"error"`},
	"error_in_stream": {200, `{"error":{`}, "no_result": {200, ""}, "metadata_error": {200, `"code":2002`}, "code_timeout": {200, `"code":2005`},
	"service_error": {200, `"code":3000`}, "invalid_arguments": {200, `"code":3006`}, "invalid_signature": {200, `"code":3014`}, "throttled_qps": {200, `"code":3015`},
	"throttled_second": {429, "rate limit per second"}, "throttled_minute": {429, "rate limit per minute"}, "quota_monthly": {429, "MONTHLY quota"}, "quota_daily": {429, "DAILY quota"},
	"unknown_429": {429, `{"message":`}, "not_subscribed": {403, "not subscribed"}, "gateway_timeout": {504, `{"message":`},
	"unknown_error": {200, `"error_code":100`}, "bad_file": {200, `"error_code":500`}, "unknown_song": {404, ""},
	"invalid_key": {0, ""}, "quota": {200, "limit"}, "no_fingerprint": {200, "ingerprint"},
	"malformed_json": {200, "oops"}, "oversized_body": {200, "padding"}, "truncated_json": {200, ""}, "eof_without_done": {200, ""}, "no_finish_reason": {200, ""},
}

func wantWire(t *testing.T, f Fault, m met) {
	t.Helper()
	switch f.Name {
	case "reset_before_headers":
		if m.failed == nil {
			t.Errorf("an answer came: %+v", m.answered)
		}
	case "reset_after_headers", "reset_in_body":
		if !errors.Is(m.cut, syscall.ECONNRESET) && !errors.Is(m.cut, io.ErrUnexpectedEOF) && m.failed == nil {
			t.Errorf("not reset: %v after %q", m.cut, m.body)
		}
	case "short_body":
		if !errors.Is(m.cut, io.ErrUnexpectedEOF) {
			t.Errorf("body ended with %v", m.cut)
		}
	case "slow_headers", "stall_before_headers", "stall_in_body", "stall_in_stream":
		if !m.stalled {
			t.Errorf("did not stall: %+v", m)
		}
	default:
		w, known := wire[f.Name]
		if !known {
			t.Fatal("this test does not know the fault")
		}
		if m.failed != nil || m.cut != nil || w.status != 0 && m.status != w.status || !strings.Contains(m.body, w.says) {
			t.Errorf("%v %v %d %.300s", m.failed, m.cut, m.status, m.body)
		}
		wantDetails(t, f.Name, m.answered)
	}
}

func wantDetails(t *testing.T, name string, a answered) {
	t.Helper()
	retry, ms := a.header.Get("Retry-After"), a.header.Get("Retry-After-Ms")
	switch name {
	case "throttled_seconds":
		if retry != "7" {
			t.Errorf("Retry-After %q", retry)
		}
	case "throttled_date":
		if at, err := http.ParseTime(retry); err != nil || time.Until(at) > time.Minute {
			t.Errorf("Retry-After %q", retry)
		}
	case "throttled_ms":
		if ms != "2500" {
			t.Errorf("retry-after-ms %q", ms)
		}
	case "throttled_reset":
		if d, err := time.ParseDuration(a.header.Get("X-Ratelimit-Reset-Requests")); err != nil || d != 6*time.Minute || retry != "" {
			t.Errorf("headers %v", a.header)
		}
	case "throttled_text", "throttled_text_ms", "throttled_bare":
		if retry+ms != "" {
			t.Errorf("says when: %q %q", retry, ms)
		}
	case "empty_500":
		if a.body != "" {
			t.Errorf("body %q", a.body)
		}
	case "oversized_body":
		if len(a.body) < oversize {
			t.Errorf("%d bytes", len(a.body))
		}
	case "malformed_json", "truncated_json", "eof_without_done":
		if json.Valid([]byte(a.body)) || strings.Contains(a.body, "[DONE]") && name != "malformed_json" {
			t.Errorf("a good answer: %.300s", a.body)
		}
	case "wrong_content_type":
		if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
			t.Errorf("type %q", a.header.Get("Content-Type"))
		}
	case "no_finish_reason":
		if strings.Contains(a.body, `"finish_reason":"stop"`) {
			t.Error("tells the reason")
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
