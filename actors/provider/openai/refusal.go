package openai

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"recall/actors/provider/fault"
	"recall/actors/provider/rest"
)

// requestHeader carries the service's own id of a call.
const requestHeader = "X-Request-Id"

// ReasonConfig is the reason of a fault of our configuration: a model or path that
// the server does not know. Its class is [fault.Auth], because nothing helps but
// that somebody changes the configuration: the service is disabled with an alert.
const ReasonConfig = "config"

// longestMessage is the most of a service's words that goes to the log, in bytes.
const longestMessage = 300

// complaint is the error of a service in whatever form it came.
type complaint struct {
	message, kind, code string // kind is `type`
}

// refused is the fault of an answer with a bad status (PROVIDERS.md, B1 and B6).
func (c *Client) refused(a *rest.Answer, now time.Time) error {
	said := readComplaint(a.Body)
	f := c.judged(a.Status, said, fmt.Sprintf("HTTP %d", a.Status))
	if f.Class == fault.Throttled || f.Class == fault.Unavailable {
		f.Wait = rest.Wait(a.Header, said.message, now)
	}
	f.Final = a.Header.Get("X-Should-Retry") == "false"
	f.Request = a.Header.Get(requestHeader)
	return f
}

// complained is the fault of an error within an answer whose status was good. What
// stands there as a number is the status that it should have had.
func (c *Client) complained(raw json.RawMessage) error {
	said := complaintOf(raw)
	var status int
	if _, err := fmt.Sscanf(said.code, "%d", &status); err != nil || status < 400 || status > 599 {
		status = 0
	}
	f := c.judged(status, said, "error in the answer")
	if f.Class == fault.Throttled {
		f.Wait = rest.Wait(http.Header{}, said.message, time.Time{})
	}
	return f
}

func (c *Client) judged(status int, said complaint, where string) *fault.Fault {
	f := fault.New(said.class(status), "%s: %s %s: %s", where,
		cmp.Or(said.kind, "-"), cmp.Or(said.code, "-"), c.forLog(said.message))
	if f.Class == fault.Auth && !said.ofKey(status) {
		f.Reason = ReasonConfig
	}
	return f
}

// ofKey tells whether it is the key that is not accepted, and not what we ask for.
func (e complaint) ofKey(status int) bool {
	if e.says("model_not_found") {
		return false
	}
	return status == http.StatusUnauthorized || status == http.StatusForbidden || e.says("invalid_api_key")
}

// forLog bounds a service's words and takes out what some servers repeat in them: our
// key, and what they were sent, a person's words (vLLM and speaches, under "input").
func (c *Client) forLog(text string) string {
	for _, name := range []string{`'input'`, `"input"`} {
		text, _, _ = strings.Cut(text, name)
	}
	if c.config.Key != "" {
		text = strings.ReplaceAll(text, c.config.Key, "[key]")
	}
	text = strings.Join(strings.Fields(text), " ")
	return strings.ToValidUTF8(text[:min(len(text), longestMessage)], "\uFFFD")
}

// class decides what kind of fault it is. The codes go before the status, which
// OpenAI uses for several things; status 0 means that there is none.
func (e complaint) class(status int) fault.Class {
	switch {
	case status == http.StatusRequestEntityTooLarge: // although its type says server_error
		return fault.BadInput
	case e.usedUp(), status == http.StatusPaymentRequired:
		return fault.Quota
	case e.says("slow_down"), status == http.StatusTooManyRequests,
		status == 0 && e.says("rate_limit_exceeded", "rate_limit_error", "requests", "tokens"):
		return fault.Throttled
	case e.says("invalid_api_key", "model_not_found"):
		return fault.Auth
	case status != 0:
		return classOf(status)
	case e.says("invalid_request_error", "BadRequestError"):
		return fault.BadInput
	default:
		return fault.Unavailable
	}
}

func classOf(status int) fault.Class {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden,
		http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented: // as ReasonConfig
		return fault.Auth
	case http.StatusRequestTimeout, http.StatusConflict, 499: // 499: whisper.cpp lost us
		return fault.Unavailable
	}
	switch status / 100 {
	case 3: // we do not follow: somebody has set the wrong address
		return fault.Auth
	case 4:
		return fault.BadInput
	default:
		return fault.Unavailable
	}
}

// usedUp tells quota from throttle, which share a status.
func (e complaint) usedUp() bool {
	if e.says("insufficient_quota") {
		return true
	}
	for _, part := range []string{"quota", "credit", "billing"} {
		if strings.Contains(e.code, part) {
			return true
		}
	}
	return false
}

func (e complaint) says(words ...string) bool {
	return slices.Contains(words, e.code) || slices.Contains(words, e.kind)
}

// readComplaint finds what an error's body says: {"error": {…}} or {"error":
// "text"}, the fields at the top (older vLLM), {"detail": …} (speaches), or anything
// else, such as a page of a gateway.
func readComplaint(body []byte) complaint {
	var outer struct {
		Error  json.RawMessage `json:"error"`
		Detail json.RawMessage `json:"detail"`
	}
	if json.Unmarshal(body, &outer) != nil {
		return complaint{message: string(body)}
	}
	for _, raw := range []json.RawMessage{outer.Error, outer.Detail} {
		if present(raw) {
			return complaintOf(raw)
		}
	}
	return complaintOf(body)
}

func complaintOf(raw json.RawMessage) complaint {
	var fields struct {
		Message any `json:"message"`
		Type    any `json:"type"`
		Code    any `json:"code"`
	}
	var text string
	switch {
	case json.Unmarshal(raw, &text) == nil:
		return complaint{message: text}
	case json.Unmarshal(raw, &fields) != nil || fields.Message == nil:
		return complaint{message: string(raw), kind: word(fields.Type), code: word(fields.Code)}
	default:
		return complaint{message: word(fields.Message), kind: word(fields.Type), code: word(fields.Code)}
	}
}

// word is a field that may be text, a number or null.
func word(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

func present(raw json.RawMessage) bool {
	return len(raw) > 0 && !bytes.Equal(raw, []byte("null"))
}
