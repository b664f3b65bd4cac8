package shazam

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"recall/actors/provider/fault"
	"recall/actors/provider/rest"
	"recall/actors/recall"
	"recall/wire"
)

var now = time.Unix(1700000000, 0)

type reply struct {
	status int
	header map[string]string
	body   string
}

// service answers with the reply and hands each request to check.
func service(t *testing.T, answer reply, check func(*http.Request)) *Client {
	t.Helper()
	h := rest.NewHTTP(1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if check != nil {
			check(r)
		}
		_, _ = io.Copy(io.Discard, r.Body)
		for key, value := range answer.header {
			w.Header().Set(key, value)
		}
		w.WriteHeader(answer.status)
		_, _ = io.WriteString(w, answer.body)
	}))
	t.Cleanup(func() { h.CloseIdleConnections(); server.Close() })
	return New(Config{BaseURL: server.URL, Key: "k", Now: func() time.Time { return now }}, h)
}

func ask(t *testing.T, c *Client) ([]wire.Candidate, error) {
	t.Helper()
	return c.Recognize(t.Context(), recall.Sample{PCM: make([]byte, 88200)})
}

const nothing = `{"matches":[],"location":{"accuracy":0.01},"timestamp":1700000000000,"timezone":"America/New_York","tagid":"C47D9FC2","retryms":12000}`

// TestTheRequestIsWhatTheServiceTakes: base64 of whole samples below 500 KB, without
// a header of a file, the very beginning of the sample.
func TestTheRequestIsWhatTheServiceTakes(t *testing.T) {
	t.Parallel()
	pcm := make([]byte, 12*88200+1)
	for i := range pcm {
		pcm[i] = byte(i * 7)
	}
	for _, length := range []int{len(pcm), 5 * 88200, 88202, 88201, 2} {
		c := service(t, reply{status: 200, body: nothing}, func(r *http.Request) {
			if r.Method != http.MethodPost || r.URL.Path != "/songs/v2/detect" || r.Header.Get("Content-Type") != "text/plain" ||
				r.Header.Get("X-Rapidapi-Key") != "k" || r.Header.Get("X-Rapidapi-Host") != "shazam.p.rapidapi.com" {
				t.Error(r.Method, r.URL, r.Header)
			}
			body, _ := io.ReadAll(r.Body)
			raw, err := base64.StdEncoding.Strict().DecodeString(string(body))
			if err != nil || len(raw)%2 != 0 || len(raw) >= 500_000 || int64(len(body)) != r.ContentLength {
				t.Errorf("%d characters, %d bytes, %v", len(body), len(raw), err)
			}
			if want := min(length, 5*88200) &^ 1; !bytes.Equal(raw, pcm[:want]) {
				t.Errorf("%d bytes of %d, want %d", len(raw), length, want)
			}
		})
		found, err := c.Recognize(t.Context(), recall.Sample{PCM: pcm[:length]})
		if err != nil || len(found) != 0 {
			t.Error(found, err)
		}
	}
}

// TestTheEncoderForEveryReader, also one that takes a byte at a time.
func TestTheEncoderForEveryReader(t *testing.T) {
	t.Parallel()
	pcm := []byte("the quick brown fox jumps over it")
	for n := range len(pcm) {
		want := base64.StdEncoding.EncodeToString(pcm[:n])
		if err := iotest.TestReader(&encoder{pcm: pcm[:n]}, []byte(want)); err != nil {
			t.Error(n, err)
		}
	}
}

// TestStatuses is the table of B5.2.
func TestStatuses(t *testing.T) {
	t.Parallel()
	perSecond := `{"message":"You have exceeded the rate limit per second for your plan, BASIC, by the API provider"}`
	monthly := `{"message":"You have exceeded the MONTHLY quota for Requests on your current plan, BASIC. Upgrade your plan at https://rapidapi.com/apidojo/api/shazam"}`
	timestamp := strconv.FormatInt(now.Unix()+40, 10)
	for _, row := range []struct {
		name string
		reply
		want fault.Class
		wait time.Duration
	}{
		{"key", reply{401, nil, `{"message":"Invalid API key. Go to https://docs.rapidapi.com/docs/keys for more info."}`}, fault.Auth, 0},
		{"not subscribed", reply{403, nil, `{"message":"You are not subscribed to this API."}`}, fault.Auth, 0},
		{"a second", reply{429, nil, perSecond}, fault.Throttled, 0},
		{"a minute", reply{429, nil, strings.Replace(perSecond, "second", "minute", 1)}, fault.Throttled, 0},
		{"with Retry-After", reply{429, map[string]string{"Retry-After": "3", "X-RateLimit-Reset": "50"}, perSecond}, fault.Throttled, 3 * time.Second},
		{"with seconds", reply{429, map[string]string{"X-RateLimit-Reset": "50"}, perSecond}, fault.Throttled, 50 * time.Second},
		{"a second of a minute that has calls left", reply{429, map[string]string{"X-RateLimit-Reset": "50", "X-RateLimit-Remaining": "59"}, perSecond}, fault.Throttled, 0},
		{"a second, and none are left", reply{429, map[string]string{"X-RateLimit-Reset": "50", "X-RateLimit-Remaining": "0"}, perSecond}, fault.Throttled, 50 * time.Second},
		{"a minute is over when it says", reply{429, map[string]string{"X-RateLimit-Reset": "50", "X-RateLimit-Remaining": "59"}, strings.Replace(perSecond, "second", "minute", 1)}, fault.Throttled, 50 * time.Second},
		{"with a time", reply{429, map[string]string{"X-RateLimit-Reset": timestamp}, perSecond}, fault.Throttled, 40 * time.Second},
		{"with nonsense", reply{429, map[string]string{"X-RateLimit-Reset": "9999999999999999"}, perSecond}, fault.Throttled, time.Minute},
		{"month", reply{429, nil, monthly}, fault.Quota, 0},
		{"day", reply{429, map[string]string{"X-RateLimit-Requests-Reset": "86400"}, strings.Replace(monthly, "MONTHLY", "DAILY", 1)}, fault.Quota, 24 * time.Hour},
		{"unknown words", reply{429, nil, `{"message":"no"}`}, fault.Quota, 0},
		{"no words", reply{429, nil, ``}, fault.Quota, 0},
		{"500", reply{500, nil, `{"message":"x"}`}, fault.Unavailable, 0},
		{"gateway", reply{504, nil, `<html><h1>504 Gateway Time-out</h1></html>`}, fault.Unavailable, 0},
		{"wrong path", reply{404, nil, `{"message":"Endpoint '/songs/v2/detect' does not exist"}`}, fault.Unavailable, 0},
		{"too big", reply{413, nil, ``}, fault.BadInput, 0},
		{"html", reply{200, nil, `<html>maintenance</html>`}, fault.Unavailable, 0},
		{"words of the gateway", reply{200, nil, `{"message":"the upstream is busy"}`}, fault.Unavailable, 0},
		{"empty", reply{200, nil, ``}, fault.Unavailable, 0},
		{"cut", reply{200, nil, nothing[:40]}, fault.Unavailable, 0},
		{"too long", reply{200, nil, `{"tagid":"` + strings.Repeat("x", 1<<20) + `"}`}, fault.Unavailable, 0},
	} {
		_, err := ask(t, service(t, row.reply, nil))
		if f := fault.Of(err); f == nil || f.Class != row.want || f.Wait != row.wait {
			t.Errorf("%s: %v, want %s and %v", row.name, err, row.want, row.wait)
		}
	}
}

func TestAnEmptySampleIsNotSent(t *testing.T) {
	t.Parallel()
	c := service(t, reply{status: 200}, func(*http.Request) { t.Error("called") })
	_, err := c.Recognize(t.Context(), recall.Sample{PCM: []byte{1}})
	if f := fault.Of(err); f == nil || f.Class != fault.BadInput {
		t.Error(err)
	}
}

// TestTheEndOfTheContextEndsTheCall while the service is still thinking.
func TestTheEndOfTheContextEndsTheCall(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	c := service(t, reply{status: 200}, func(r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		cancel()
		<-r.Context().Done()
	})
	_, err := c.Recognize(ctx, recall.Sample{PCM: make([]byte, 88200)})
	if f := fault.Of(err); f == nil || f.Class != fault.Canceled || !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
