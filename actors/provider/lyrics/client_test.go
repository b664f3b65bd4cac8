package lyrics

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"recall/actors/provider/fault"
	"recall/actors/provider/rest"
)

// service answers with body and hands each request to check.
func service(t *testing.T, status int, body string, check func(*http.Request)) *Client {
	t.Helper()
	h := rest.NewHTTP(1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if check != nil {
			check(r)
		}
		w.Header().Set("Retry-After", "4")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(func() { h.CloseIdleConnections(); server.Close() })
	return New(Config{BaseURL: server.URL + "/"}, h)
}

// TestNamesArePiecesOfThePath, whatever is in them.
func TestNamesArePiecesOfThePath(t *testing.T) {
	t.Parallel()
	for _, row := range [][3]string{
		{"Adele", "Hello", "/v1/Adele/Hello"},
		{" AC/DC ", "Who Made Who?", "/v1/AC%2FDC/Who%20Made%20Who%3F"},
		{"Björk", "100% #1", "/v1/Bj%C3%B6rk/100%25%20%231"},
		{"../..", "a..", "/v1/..%2F../a.."},
	} {
		c := service(t, 200, `{"lyrics":" la\r\nla \n"}`, func(r *http.Request) {
			if r.Method != http.MethodGet || r.RequestURI != row[2] {
				t.Errorf("%s %s, want %s", r.Method, r.RequestURI, row[2])
			}
		})
		got, err := c.Lyrics(t.Context(), row[0], row[1])
		if err != nil || got != "la\nla" {
			t.Errorf("%q, %v", got, err)
		}
	}
}

func TestNamesThatNobodyIsAskedFor(t *testing.T) {
	t.Parallel()
	c := service(t, 200, "", func(*http.Request) { t.Error("called") })
	for _, row := range [][2]string{{"", "A"}, {"A", " "}, {"..", "A"}, {"A", "."}} {
		if got, err := c.Lyrics(t.Context(), row[0], row[1]); got != "" || err != nil {
			t.Error(row, got, err)
		}
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		status int
		body   string
		want   fault.Class // "": unknown and no fault
	}{
		{"404", 404, `{"error":"No lyrics found"}`, ""},
		{"404 of words", 404, `<html>`, ""},
		{"empty", 200, `{"lyrics":""}`, ""},
		{"blank", 200, `{"lyrics":" \r\n "}`, ""},
		{"null", 200, `{"lyrics":null}`, ""},
		{"none", 200, `{}`, ""},
		{"html", 200, `<html>`, fault.Unavailable},
		{"cut", 200, `{"lyrics":"la`, fault.Unavailable},
		{"a number", 200, `{"lyrics":5}`, fault.Unavailable},
		{"nothing", 200, ``, fault.Unavailable},
		{"too long", 200, `{"lyrics":"` + strings.Repeat("x", 1<<20) + `"}`, fault.Unavailable},
		{"400", 400, ``, fault.BadInput},
		{"403", 403, ``, fault.Auth},
		{"429", 429, ``, fault.Throttled},
		{"301", 301, ``, fault.Unavailable},
		{"500", 500, `{"lyrics":"x"}`, fault.Unavailable},
		{"504", 504, `<html>`, fault.Unavailable},
	} {
		got, err := service(t, row.status, row.body, nil).Lyrics(t.Context(), "A", "B")
		f := fault.Of(err)
		if got != "" || (f == nil) != (row.want == "") || f != nil && f.Class != row.want {
			t.Errorf("%s: %q %v, want %q", row.name, got, err, row.want)
		}
		if f != nil && (f.Wait == 4*time.Second) != (row.want == fault.Throttled) {
			t.Errorf("%s: wait %v", row.name, f.Wait)
		}
	}
}

func TestLongWordsAreCut(t *testing.T) {
	t.Parallel()
	got, err := service(t, 200, `{"lyrics":"`+strings.Repeat("ä", 25_000)+`"}`, nil).Lyrics(t.Context(), "A", "B")
	if err != nil || got != strings.Repeat("ä", 20_000) {
		t.Error(utf8.RuneCountInString(got), err)
	}
}

// TestTheEndOfTheContextEndsTheCall while the service is still thinking.
func TestTheEndOfTheContextEndsTheCall(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	c := service(t, 200, "", func(r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	_, err := c.Lyrics(ctx, "A", "B")
	if f := fault.Of(err); f == nil || f.Class != fault.Canceled || !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// FuzzAnswer: whatever the service sends, the words are bounded text.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte(`{"lyrics":"la\r\nla\u0000"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		got, _ := decode(body)
		if utf8.RuneCountInString(got) > longest || !utf8.ValidString(got) || strings.ContainsAny(got, "\r\x00") || got != strings.TrimSpace(got) {
			t.Errorf("%q", got)
		}
	})
}
