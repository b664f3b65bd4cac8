package services

import (
	"fmt"
	"testing"
	"time"
)

// The vectors of PROVIDERS.md, B4.
func TestSignatureVectors(t *testing.T) {
	t.Parallel()
	for _, v := range []struct{ key, secret, kind, timestamp, want string }{
		{"test_key", "test_secret", "audio", "1700000000", "J+NymOC5ws+MG/Y3eey+bTchzOo="},
		{"test_key", "test_secret", "fingerprint", "1700000000", "cIBGJI/58PwlxjvDMuSANBKpQmk="},
		{"0123456789abcdef0123456789abcdef", "s3cr3t", "audio", "1732350000.25", "dPgO5Pm1FfmlEYnkgn9tV/rMiZ8="},
	} {
		got := acrSignature(map[string]string{"access_key": v.key, "data_type": v.kind, "signature_version": "1", "timestamp": v.timestamp}, v.secret)
		if got != v.want {
			t.Errorf("%v: signature %s", v, got)
		}
	}
}

func TestACRCloudAnswersByContentAndRefusesByCode(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	ago := func(d time.Duration) string { return fmt.Sprintf("%.2f", float64(time.Now().Add(-d).UnixMilli())/1000) }
	song := Clip("song:Africa")
	for _, c := range []struct {
		name   string
		sample []byte
		change map[string]string
		code   float64
	}{
		{"song", song, nil, 0},
		{"hum", Clip("hum:Africa"), nil, 0},
		{"speech", Clip("speech:hello"), nil, 1001},
		{"noise", Clip("noise"), nil, 1001},
		{"silence", Clip("silence"), nil, 2004},
		{"no audio at all", []byte("hello"), nil, 2004},
		{"float timestamp", song, map[string]string{"timestamp": ago(4 * time.Minute)}, 0},
		{"old timestamp", song, map[string]string{"timestamp": ago(6 * time.Minute)}, 3014},
		{"early timestamp", song, map[string]string{"timestamp": ago(-6 * time.Minute)}, 3014},
		{"no timestamp", song, map[string]string{"timestamp": "now"}, 3014},
		{"unknown key", song, map[string]string{"access_key": "other"}, 3001},
		{"wrong signature", song, map[string]string{"signature": "J+NymOC5ws+MG/Y3eey+bTchzOo="}, 3014},
		{"wrong length", song, map[string]string{"sample_bytes": "1"}, 3006},
		{"too long", append(song, make([]byte, 5<<20)...), nil, 3006},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := send(t, acrRequest(enough(t), t, s, c.sample, c.change))
			status, _ := a.json(t)["status"].(map[string]any)
			if a.status != 200 || status["code"] != c.code {
				t.Errorf("HTTP %d, %s", a.status, a.body)
			}
		})
	}
}

func TestACRCloudShapesOfMusicAndHumming(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	for name, list := range map[string]string{"song:Africa": "music", "hum:Take On Me": "humming", "hum:Africa": "humming", "song:Yesterday": "music"} {
		a := send(t, acrRequest(enough(t), t, s, Clip(name), nil)).json(t)
		metadata, _ := a["metadata"].(map[string]any)
		items, _ := metadata[list].([]any)
		if len(items) == 0 || len(metadata) != 2 {
			t.Errorf("%s: %v", name, a)
		}
	}
	if songNamed("Africa").listed() || !songNamed("Yesterday").listed() {
		t.Log("both forms of codes should be met by the examples above")
	}
}
