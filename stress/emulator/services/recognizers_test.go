package services

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"
)

func TestShazamNeedsRawSamples(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	good := fiveSeconds("song:Africa")
	for _, c := range []struct {
		name, contentType string
		body              string
		match             bool
	}{
		{"samples", "text/plain", base64.StdEncoding.EncodeToString(good), true},
		{"a later part", "text/plain; charset=utf-8", base64.StdEncoding.EncodeToString(ClipPCM("song:Africa")[200_002:600_000]), true},
		{"a WAV file", "text/plain", base64.StdEncoding.EncodeToString(wav(good)), false},
		{"odd", "text/plain", base64.StdEncoding.EncodeToString(good[1:]), false},
		{"too long", "text/plain", base64.StdEncoding.EncodeToString(ClipPCM("song:Africa")[:500_000]), false},
		{"another base64", "text/plain", base64.RawURLEncoding.EncodeToString(good[:len(good)-2]), false},
		{"broken in lines", "text/plain", base64.StdEncoding.EncodeToString(good)[:76] + "\n" + base64.StdEncoding.EncodeToString(good)[76:], false},
		{"binary", "application/octet-stream", base64.StdEncoding.EncodeToString(good), false},
		{"a hum", "text/plain", base64.StdEncoding.EncodeToString(fiveSeconds("hum:Africa")), false},
		{"silence", "text/plain", base64.StdEncoding.EncodeToString(fiveSeconds("silence")), false},
		{"noise", "text/plain", base64.StdEncoding.EncodeToString(fiveSeconds("noise")), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := request(enough(t), t, "POST", s.Shazam+"/songs/v2/detect?locale=en-US", c.contentType, []byte(c.body))
			r.Header.Set("X-RapidAPI-Key", s.Keys.Shazam)
			a := send(t, r)
			track, _ := a.json(t)["track"].(map[string]any)
			if a.status != 200 || (track != nil) != c.match || c.match && (track["title"] != "Africa" || track["subtitle"] != "Toto") {
				t.Errorf("HTTP %d, %s", a.status, a.body)
			}
			if a.header.Get("X-Ratelimit-Requests-Limit") == "" {
				t.Error("no limits")
			}
		})
	}
}

func TestKeysAreChecked(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	ctx := enough(t)
	for service, change := range map[string]func() answered{
		Shazam: func() answered {
			r := example(ctx, t, s, Shazam)
			r.Header.Set("X-RapidAPI-Key", "other")
			return send(t, r)
		},
		Whisper: func() answered {
			r := example(ctx, t, s, Whisper)
			r.Header.Set("Authorization", "Bearer other")
			return send(t, r)
		},
		GPT4o: func() answered {
			r := example(ctx, t, s, GPT4o)
			r.Header.Set("Authorization", s.Keys.OpenAI)
			return send(t, r)
		},
	} {
		if a := change(); a.status != 401 {
			t.Errorf("%s: %d %s", service, a.status, a.body)
		}
	}
	contentType, body := multipartOf(t, map[string]string{"api_token": "other"}, "file/a.wav", Clip("song:Africa"))
	a := send(t, request(ctx, t, "POST", s.AudD+"/", contentType, body))
	if a.status != 200 || !strings.Contains(a.body, `"error_code":900`) {
		t.Errorf("AudD: %d %s", a.status, a.body)
	}
	if s.CallsOf(AudD, "other") != 1 || s.CallsOf(Whisper, "other") != 1 || s.Calls(Whisper) != 1 {
		t.Errorf("counts: %v", s.Counts())
	}
}

func TestAudDAnswersByContent(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	for name, want := range map[string]string{
		"song:Africa": `"title":"Africa"`, "hum:Yesterday": `"artist":"The Beatles"`, "speech:hello": `"result":null`, "silence": `"result":null`, "noise": `"result":null`,
	} {
		if a := send(t, auddRequest(enough(t), t, s, Clip(name))); !strings.Contains(a.body, want) {
			t.Errorf("%s: %s", name, a.body)
		}
	}
	if a := send(t, auddRequest(enough(t), t, s, bytes.Repeat([]byte("x"), auddLimit+1))); !strings.Contains(a.body, `"error_code":400`) {
		t.Errorf("too big: %s", a.body)
	}
	if a := send(t, auddRequest(enough(t), t, s, nil)); !strings.Contains(a.body, `"error_code":700`) {
		t.Errorf("nothing: %s", a.body)
	}
}

func TestLyricsAreKnownOrNot(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	for path, status := range map[string]int{
		"/v1/Toto/Africa": 200, "/v1/Luis%20Fonsi/Despacito": 200, "/v1/Luis%20Fonsi%20feat.%20Daddy%20Yankee/despacito": 200,
		"/v1/AC%2FDC/Nothing": 404, "/v1/Toto/Nothing": 404,
	} {
		a := send(t, request(enough(t), t, "GET", s.Lyrics+path, "", nil))
		if a.status != status || status == 200 && a.json(t)["lyrics"] == "" {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	s.Script("lyrics:AC/DC/Thunderstruck", "scripted")
	if a := send(t, request(enough(t), t, "GET", s.Lyrics+"/v1/AC%2FDC/Thunderstruck", "", nil)); !strings.Contains(a.body, "scripted") {
		t.Errorf("script: %s", a.body)
	}
}
