package services

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// start serves without pauses; the client keeps no connection.
func start(t *testing.T, o Options) *Server {
	t.Helper()
	if o.TokensPerSecond == 0 {
		o.TokensPerSecond = -1
	}
	s, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// enough is a bound that only a hanging test meets.
func enough(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

type answered struct {
	status int
	header http.Header
	body   string
}

func (a answered) json(t *testing.T) map[string]any {
	t.Helper()
	var out map[string]any
	if err := json.Unmarshal([]byte(a.body), &out); err != nil {
		t.Fatalf("%v in %q", err, a.body)
	}
	return out
}

var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

func send(t *testing.T, r *http.Request) answered {
	t.Helper()
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answered{resp.StatusCode, resp.Header, string(body)}
}

func request(ctx context.Context, t testing.TB, method, url, contentType string, body []byte) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", contentType)
	return r
}

// multipartOf builds a form of fields and one file, "field/name" to its content.
func multipartOf(t *testing.T, fields map[string]string, file string, content []byte) (contentType string, body []byte) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range fields {
		_ = w.WriteField(k, v)
	}
	if file != "" {
		field, name, _ := strings.Cut(file, "/")
		part, err := w.CreateFormFile(field, name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write(content)
	}
	_ = w.Close()
	return w.FormDataContentType(), b.Bytes()
}

func whisperRequest(ctx context.Context, t *testing.T, s *Server, fields map[string]string, name string, content []byte) *http.Request {
	t.Helper()
	all := map[string]string{"model": "whisper-1"}
	for k, v := range fields {
		all[k] = v
	}
	contentType, body := multipartOf(t, all, "file/"+name, content)
	r := request(ctx, t, "POST", s.OpenAI+"/audio/transcriptions", contentType, body)
	r.Header.Set("Authorization", "Bearer "+s.Keys.OpenAI)
	return r
}

func chatRequest(ctx context.Context, t testing.TB, s *Server, body map[string]any) *http.Request {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	r := request(ctx, t, "POST", s.OpenAI+"/chat/completions", "application/json", text)
	r.Header.Set("Authorization", "Bearer "+s.Keys.OpenAI)
	return r
}

// acrFields signs by its own reading of the document.
func acrFields(s *Server, sample []byte, change map[string]string) map[string]string {
	f := map[string]string{
		"access_key": s.Keys.ACRCloud, "timestamp": fmt.Sprint(time.Now().Unix()), "signature_version": "1",
		"data_type": "audio", "sample_bytes": fmt.Sprint(len(sample)),
	}
	for k, v := range change {
		f[k] = v
	}
	mac := hmac.New(sha1.New, []byte(s.Keys.ACRCloudSecret))
	fmt.Fprintf(mac, "POST\n/v1/identify\n%s\n%s\n%s\n%s", f["access_key"], f["data_type"], f["signature_version"], f["timestamp"])
	if f["signature"] == "" {
		f["signature"] = base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	return f
}

func acrRequest(ctx context.Context, t *testing.T, s *Server, sample []byte, change map[string]string) *http.Request {
	t.Helper()
	contentType, body := multipartOf(t, acrFields(s, sample, change), "sample/sample.wav", sample)
	return request(ctx, t, "POST", s.ACRCloud+"/v1/identify", contentType, body)
}

// fiveSeconds of samples is what a client sends to Shazam.
func fiveSeconds(name string) []byte { pcm := ClipPCM(name); return pcm[:min(len(pcm), 441_000)] }

func shazamRequest(ctx context.Context, t *testing.T, s *Server, pcm []byte) *http.Request {
	t.Helper()
	r := request(ctx, t, "POST", s.Shazam+"/songs/v2/detect", "text/plain", []byte(base64.StdEncoding.EncodeToString(pcm)))
	r.Header.Set("X-RapidAPI-Key", s.Keys.Shazam)
	return r
}

func auddRequest(ctx context.Context, t *testing.T, s *Server, sample []byte) *http.Request {
	t.Helper()
	contentType, body := multipartOf(t, map[string]string{"api_token": s.Keys.AudD}, "file/a.wav", sample)
	return request(ctx, t, "POST", s.AudD+"/", contentType, body)
}

// africa is a recording that every recognizer knows.
var africa = sync.OnceValue(func() []byte { return wav(fiveSeconds("song:Africa")) })

// example is a good request to a service, which it answers with a match.
func example(ctx context.Context, t *testing.T, s *Server, service string) *http.Request {
	t.Helper()
	switch service {
	case Whisper:
		return whisperRequest(ctx, t, s, nil, "a.wav", Clip("speech:what song is this"))
	case GPT4o, GPT4oMini:
		return chatRequest(ctx, t, s, map[string]any{
			"model": service, "stream": service == GPT4o, "messages": []any{map[string]any{"role": "user", "content": "80s Norwegian band, very high voice"}},
		})
	case ACRCloud:
		return acrRequest(ctx, t, s, africa(), nil)
	case Shazam:
		return shazamRequest(ctx, t, s, africa()[44:])
	case AudD:
		return auddRequest(ctx, t, s, africa())
	default:
		return request(ctx, t, "GET", s.Lyrics+"/v1/Toto/Africa", "", nil)
	}
}
