package openai_test

import (
	"strings"
	"testing"
	"time"

	"recall/actors/provider/fault"
	"recall/actors/provider/openai"
)

func openaiError(kind, code, message string) string {
	if code != "null" {
		code = `"` + code + `"`
	}
	return `{"error":{"message":"` + message + `","type":"` + kind + `","param":null,"code":` + code + `}}`
}

const (
	invalid = "invalid_request_error"
	perMin  = "Rate limit reached for gpt-4o-mini in organization org-x on requests per min (RPM): Limit 3, Used 3, Requested 1. Please try again in "
	noQuota = "You exceeded your current quota, please check your plan and billing details."
)

// refusals are the rows of PROVIDERS.md, B1 and B6.
var refusals = map[string]struct {
	status int
	body   string
	header []string
	class  fault.Class
	reason string
	wait   time.Duration
}{
	"file format":       {400, openaiError(invalid, "null", "Invalid file format. Supported formats: ['flac', 'm4a']"), nil, fault.BadInput, "", 0},
	"format of a model": {400, openaiError(invalid, "unsupported_format", "This model does not support the format you provided."), nil, fault.BadInput, "", 0},
	"too short":         {400, openaiError(invalid, "audio_too_short", "Audio file is too short."), nil, fault.BadInput, "", 0},
	"too long":          {400, openaiError(invalid, "invalid_value", "audio duration 1830.530612 seconds is longer than 1400 seconds"), nil, fault.BadInput, "", 0},
	"key":               {401, openaiError(invalid, "invalid_api_key", "Incorrect API key provided: sk-x"), nil, fault.Auth, "", 0},
	"country":           {403, openaiError("request_forbidden", "unsupported_country_region_territory", "not supported"), nil, fault.Auth, "", 0},
	"model":             {404, openaiError(invalid, "model_not_found", "The model `x` does not exist"), nil, fault.Auth, "config", 0},
	"model, no access":  {403, openaiError(invalid, "model_not_found", "no access to model"), nil, fault.Auth, "config", 0},
	"size":              {413, openaiError("server_error", "null", "Maximum content size limit (26214400) exceeded (26306794 bytes read)"), nil, fault.BadInput, "", 0},
	"rate, header":      {429, openaiError("requests", "rate_limit_exceeded", perMin+"20s."), []string{"Retry-After", "7"}, fault.Throttled, "", 7 * time.Second},
	"rate, ms header":   {429, openaiError("requests", "rate_limit_exceeded", perMin+"20s."), []string{"Retry-After-Ms", "700"}, fault.Throttled, "", 700 * time.Millisecond},
	"rate, sentence":    {429, openaiError("requests", "rate_limit_exceeded", perMin+"20s. Visit x."), nil, fault.Throttled, "", 20 * time.Second},
	"rate, tokens":      {429, openaiError("tokens", "rate_limit_exceeded", perMin+"644ms. Visit x."), nil, fault.Throttled, "", 644 * time.Millisecond},
	"rate, bare":        {429, "", nil, fault.Throttled, "", 0},
	"quota":             {429, openaiError("insufficient_quota", "insufficient_quota", noQuota), []string{"Retry-After", "1"}, fault.Quota, "", 0},
	"quota, newer":      {429, openaiError("insufficient_quota", "credit_balance_exhausted", noQuota), nil, fault.Quota, "", 0},
	"quota, code alone": {429, openaiError(invalid, "billing_hard_limit_reached", "Billing hard limit has been reached"), nil, fault.Quota, "", 0},
	"payment":           {402, "", nil, fault.Quota, "", 0},
	"server":            {500, openaiError("server_error", "null", "The server had an error while processing your request. Sorry about that!"), nil, fault.Unavailable, "", 0},
	"overloaded":        {503, openaiError("service_unavailable_error", "server_is_overloaded", "overloaded"), []string{"Retry-After", "3"}, fault.Unavailable, "", 3 * time.Second},
	"slow down":         {503, openaiError("service_unavailable", "slow_down", "slow down"), []string{"Retry-After", "3"}, fault.Throttled, "", 3 * time.Second},
	"took too long":     {408, "", nil, fault.Unavailable, "", 0},
	"conflict":          {409, openaiError(invalid, "null", "conflict"), nil, fault.Unavailable, "", 0},
	"gateway page":      {502, "<html><body><h1>502 Bad Gateway</h1></body></html>", nil, fault.Unavailable, "", 0},
	"empty":             {504, "", nil, fault.Unavailable, "", 0},
	"wrong path":        {404, "File Not Found (/v1/x)", nil, fault.Auth, "config", 0},
	"wrong address":     {301, "", []string{"Location", "http://127.0.0.1:1/"}, fault.Auth, "config", 0},
	"wrong method":      {405, "", nil, fault.Auth, "config", 0},

	"whisper.cpp, text":         {400, `{"error":"no 'file' field in the request"}`, nil, fault.BadInput, "", 0},
	"whisper.cpp, lost us":      {499, `{"error":"client disconnected"}`, nil, fault.Unavailable, "", 0},
	"whisper.cpp, broken":       {500, `{"error":"failed to process audio"}`, nil, fault.Unavailable, "", 0},
	"Ollama, null code":         {404, `{"error":{"message":"model 'x' not found","type":"not_found_error","param":null,"code":null}}`, nil, fault.Auth, "config", 0},
	"llama.cpp, number":         {503, `{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}`, nil, fault.Unavailable, "", 0},
	"llama.cpp, input":          {400, `{"error":{"code":400,"message":"too long","type":"invalid_request_error"}}`, nil, fault.BadInput, "", 0},
	"vLLM, at the top":          {400, `{"object":"error","message":"max context","type":"BadRequestError","param":null,"code":400}`, nil, fault.BadInput, "", 0},
	"speaches, detail":          {422, `{"detail":[{"loc":["body","model"],"msg":"field required"}]}`, nil, fault.BadInput, "", 0},
	"speaches, failed to check": {500, "Internal Server Error", nil, fault.Unavailable, "", 0},
}

func TestEveryRefusalIsUnderstood(t *testing.T) {
	t.Parallel()
	for name, c := range refusals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			header := append([]string{"X-Request-Id", "req_7"}, c.header...)
			client := serve(t, openai.Config{}, answer(c.status, "application/json", c.body, header...))
			for call, err := range everyCall(t, client) {
				f := fault.Of(err)
				if f == nil || f.Class != c.class || f.Reason != c.reason || f.Wait != c.wait {
					t.Errorf("%s: %v, wait %v", call, err, f)
					continue
				}
				if f.Request != "req_7" || f.Final {
					t.Errorf("%s: request %q, final %t", call, f.Request, f.Final)
				}
			}
		})
	}
}

// everyCall makes each of the three calls.
func everyCall(t *testing.T, c *openai.Client) map[string]error {
	t.Helper()
	_, chat := c.Chat(t.Context(), question())
	_, _, streamed := stream(t, c)
	_, transcribed := c.Transcribe(t.Context(), recording(), nil)
	return map[string]error{"chat": chat, "stream": streamed, "transcribe": transcribed}
}

func TestServiceMayForbidRetry(t *testing.T) {
	t.Parallel()
	c := serve(t, openai.Config{}, answer(500, "text/plain", "", "X-Should-Retry", "false"))
	for call, err := range everyCall(t, c) {
		if f := fault.Of(err); !f.Final || f.Class != fault.Unavailable {
			t.Errorf("%s: %v", call, err)
		}
	}
}

func TestKeyStaysOutOfTheLog(t *testing.T) {
	t.Parallel()
	c := serve(t, openai.Config{Key: "sk-secret"}, answer(401, "application/json", openaiError(invalid, "invalid_api_key", "Incorrect API key provided: sk-secret. Find it")))
	_, err := c.Chat(t.Context(), question())
	if err == nil || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "Find it") {
		t.Error(err)
	}
}

// A key at the place where long words are cut stays out as well.
func TestHalfAKeyStaysOutOfTheLog(t *testing.T) {
	t.Parallel()
	c := serve(t, openai.Config{Key: "sk-secret"}, answer(401, "text/plain", strings.Repeat("x", 295)+"sk-secret"))
	_, err := c.Chat(t.Context(), question())
	if err == nil || strings.Contains(err.Error(), "sk-") {
		t.Error(err)
	}
}

// Servers in Python repeat what they could not read.
func TestWhatPeopleSayStaysOutOfTheLog(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"object":"error","message":"[{'type': 'missing', 'loc': ('body', 'model'), 'msg': 'Field required', 'input': {'messages': 'my secret'}}]","type":"BadRequestError","code":400}`,
		`{"detail":[{"type":"missing","loc":["body","model"],"msg":"Field required","input":{"messages":"my secret"}}]}`,
	} {
		c := serve(t, openai.Config{}, answer(400, "application/json", body))
		for call, err := range everyCall(t, c) {
			if classOf(err) != fault.BadInput || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "Field required") {
				t.Errorf("%s: %v", call, err)
			}
		}
	}
}

func TestLongErrorsAreCut(t *testing.T) {
	t.Parallel()
	c := serve(t, openai.Config{}, answer(500, "text/html", "<html>"+strings.Repeat("é", 1<<20)))
	_, err := c.Chat(t.Context(), question())
	if classOf(err) != fault.Unavailable || len(err.Error()) > 600 {
		t.Errorf("%.700s", err)
	}
}
