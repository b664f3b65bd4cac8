package services

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

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
