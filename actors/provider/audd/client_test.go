package audd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"recall/actors/provider/fault"
	"recall/actors/provider/rest"
	"recall/actors/recall"
	"recall/wire"
)

// service answers with body and hands each request to check.
func service(t *testing.T, status int, body string, check func(*http.Request)) *Client {
	t.Helper()
	h := rest.NewHTTP(1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if check != nil {
			check(r)
		}
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(func() { h.CloseIdleConnections(); server.Close() })
	return New(Config{BaseURL: server.URL, Token: "tok"}, h)
}

func ask(t *testing.T, c *Client) ([]wire.Candidate, error) {
	t.Helper()
	return c.Recognize(t.Context(), recall.Sample{PCM: make([]byte, 88200)})
}

const match = `{"status":"success","result":{"artist":"Imagine Dragons","title":"Warriors","album":"Warriors","release_date":"2014-09-18",
"label":"Universal Music","timecode":"02:32","song_link":"https://lis.tn/Warriors","apple_music":{"url":"https://music.apple.com/x","isrc":"USUM71414163"},
"spotify":{"external_urls":{"spotify":"https://open.spotify.com/track/x"},"external_ids":{"isrc":"USUM71414163"}},"deezer":null}}`

func TestTheAnswerOfTheDocument(t *testing.T) {
	t.Parallel()
	got, err := ask(t, service(t, 200, match, nil))
	want := []wire.Candidate{{
		Key: "isrc:USUM71414163", Title: "Warriors", Artist: "Imagine Dragons", Album: "Warriors", Year: 2014, ISRC: "USUM71414163",
		Confidence: 0.85, Reason: "The sound of the recording matches.",
		SourceURLs: []string{"https://lis.tn/Warriors", "https://open.spotify.com/track/x", "https://music.apple.com/x"}, Sources: []string{"audd"},
	}}
	if err != nil || cmp.Diff(want, got) != "" {
		t.Error(err, cmp.Diff(want, got))
	}
}

func TestTheForm(t *testing.T) {
	t.Parallel()
	c := service(t, 200, `{"status":"success","result":null}`, func(r *http.Request) {
		if err := r.ParseMultipartForm(8 << 20); err != nil || r.Method != http.MethodPost || r.URL.Path != "/" {
			t.Error(r.Method, r.URL, err)
			return
		}
		if r.PostForm.Get("api_token") != "tok" || r.PostForm.Get("return") != "apple_music,spotify,deezer" {
			t.Error(r.PostForm)
		}
		f, _, err := r.FormFile("file")
		if err != nil {
			t.Error(err)
			return
		}
		if data, _ := io.ReadAll(f); len(data) != 44+12*88200 || string(data[8:16]) != "WAVEfmt " {
			t.Errorf("%d bytes", len(data))
		}
	})
	found, err := c.Recognize(t.Context(), recall.Sample{PCM: make([]byte, 13*88200)})
	if err != nil || len(found) != 0 {
		t.Error(found, err)
	}
}

// TestCodes is the list of B7, and what is not in it.
func TestCodes(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]fault.Class{
		100: fault.Unavailable, 300: fault.BadInput, 400: fault.BadInput, 500: fault.BadInput, 600: fault.BadInput, 700: fault.BadInput,
		900: fault.Auth, 901: fault.Quota, 0: fault.Unavailable, 1234: fault.Unavailable,
	} {
		body := fmt.Sprintf(`{"status":"error","error":{"error_code":%d,"error_message":"m"},"request_params":{}}`, code)
		_, err := ask(t, service(t, 200, body, nil))
		if f := fault.Of(err); f == nil || f.Class != want {
			t.Errorf("%d is %v, want %s", code, err, want)
		}
	}
}

// TestTheTokenStaysHere, though an error repeats what was asked.
func TestTheTokenStaysHere(t *testing.T) {
	t.Parallel()
	for status, body := range map[int]string{
		200: `{"request_params":{"api_token":"secret-of-ours"}}`,
		400: `{"status":"error","error":{"error_code":900},"request_params":{"api_token":"secret-of-ours"}}`,
	} {
		c := service(t, status, body, nil)
		c.token = "secret-of-ours"
		_, err := ask(t, c)
		if err == nil || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "[token]") {
			t.Error(status, err)
		}
	}
}

func TestBrokenAnswers(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		status int
		body   string
		want   fault.Class
	}{
		{200, "", fault.Unavailable},
		{200, "<html>", fault.Unavailable},
		{200, `{}`, fault.Unavailable},
		{200, match[:80], fault.Unavailable},
		{200, `{"status":"success","x":"` + strings.Repeat("x", 1<<20) + `"}`, fault.Unavailable},
		{200, `{"status":"error","error":"words"}`, fault.Unavailable},
		{302, "", fault.Unavailable},
		{401, "", fault.Auth},
		{413, "", fault.BadInput},
		{429, "", fault.Throttled},
		{500, match, fault.Unavailable},
		{502, "<html>", fault.Unavailable},
	} {
		_, err := ask(t, service(t, row.status, row.body, nil))
		if f := fault.Of(err); f == nil || f.Class != row.want {
			t.Errorf("%d %.40s: %v, want %s", row.status, row.body, err, row.want)
		}
	}
}

// TestOddFields: none of these loses the song.
func TestOddFields(t *testing.T) {
	t.Parallel()
	for _, fields := range []string{`"x":1`, `"apple_music":[],"spotify":"s","deezer":7,"isrc":5,"song_link":"ftp://x"`} {
		got, err := decode([]byte(`{"status":"success","result":{"title":"A","artist":"B",` + fields + `}}`))
		if err != nil || len(got) != 1 || got[0].Key != "a|b" || len(got[0].SourceURLs) != 0 {
			t.Errorf("%s: %v %v", fields, got, err)
		}
	}
}

func TestAnEmptySampleIsNotSent(t *testing.T) {
	t.Parallel()
	c := service(t, 200, "", func(*http.Request) { t.Error("called") })
	_, err := c.Recognize(t.Context(), recall.Sample{})
	if f := fault.Of(err); f == nil || f.Class != fault.BadInput {
		t.Error(err)
	}
}

// TestTheEndOfTheContextEndsTheCall while the service is still thinking.
func TestTheEndOfTheContextEndsTheCall(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	c := service(t, 200, "", func(r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		cancel()
		<-r.Context().Done()
	})
	_, err := c.Recognize(ctx, recall.Sample{PCM: make([]byte, 88200)})
	if f := fault.Of(err); f == nil || f.Class != fault.Canceled || !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// FuzzAnswer: whatever the service sends, it is a fault, nothing, or one whole
// candidate.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte(match))
	f.Add([]byte(`{"status":"error","error":{"error_code":900}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := decode(body)
		if len(got) > 1 || err != nil && got != nil {
			t.Error(got, err)
		}
		for _, c := range got {
			if c.Title == "" || c.Key == "" || c.Confidence != confidence {
				t.Errorf("%+v", c)
			}
		}
	})
}
