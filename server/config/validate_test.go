package config

import (
	"strings"
	"testing"
)

const goodSecret = "0123456789abcdef0123456789abcdef"

func TestValidateNamesTheKey(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		key    string
		change func(*Config)
	}{
		{"--listen (RECALL_LISTEN)", func(c *Config) { c.Listen = "8080" }},
		{"--listen (RECALL_LISTEN)", func(c *Config) { c.Listen = "127.0.0.1:99999" }},
		{"--allowed-origins (RECALL_ALLOWED_ORIGINS)", func(c *Config) { c.AllowedOrigins = []string{"https://a.example/path"} }},
		{"--allowed-origins (RECALL_ALLOWED_ORIGINS)", func(c *Config) { c.AllowedOrigins = []string{"a.example"} }},
		{"--allowed-origins (RECALL_ALLOWED_ORIGINS)", func(c *Config) { c.AllowedOrigins = []string{"https://*"} }},
		{"--jwt-secret (RECALL_JWT_SECRET)", func(c *Config) { c.JWTSecret = goodSecret[1:] }},
		{"--jwks-url (RECALL_JWKS_URL)", func(c *Config) { c.JWKSURL = "file:///keys" }},
		{"--database-url (DATABASE_URL)", func(c *Config) { c.DatabaseURL = "postgres://u:p@h:port/d" }},
		{"--data-dir (RECALL_DATA_DIR)", func(c *Config) { c.DataDir = " " }},
		{"--openai-url (RECALL_OPENAI_URL)", func(c *Config) { c.OpenAIURL = "localhost:11434" }},
		{"--whisper-url (RECALL_WHISPER_URL)", func(c *Config) { c.WhisperURL = "ftp://h" }},
		{"--acrcloud-url (RECALL_ACRCLOUD_URL)", func(c *Config) { c.ACRCloudURL = "identify-eu-west-1.acrcloud.com" }},
		{"--acrcloud-key (RECALL_ACRCLOUD_KEY)", func(c *Config) { c.ACRCloudKey = "k" }},
		{"--shazam-url (RECALL_SHAZAM_URL)", func(c *Config) { c.ShazamURL = "https://" }},
		{"--audd-url (RECALL_AUDD_URL)", func(c *Config) { c.AudDURL = "x" }},
		{"--lyrics-url (RECALL_LYRICS_URL)", func(c *Config) { c.LyricsURL = "x" }},
		{"--media-url (RECALL_MEDIA_URL)", func(c *Config) { c.MediaURL = "gs://bucket" }},
		{"--ffmpeg (RECALL_FFMPEG)", func(c *Config) { c.FFmpeg = "/no/such/ffmpeg" }},
		{"--trusted-proxies (RECALL_TRUSTED_PROXIES)", func(c *Config) { c.TrustedProxies = []string{"10.0.0.0/8", "proxy"} }},
		{"--unlimited-addresses (RECALL_UNLIMITED_ADDRESSES)", func(c *Config) { c.UnlimitedAddresses = []string{"10.0.0.0/33"} }},
		{"--otlp-endpoint (OTEL_EXPORTER_OTLP_ENDPOINT)", func(c *Config) { c.OTLPEndpoint = "127.0.0.1:4318" }},
		{"--debug-listen (RECALL_DEBUG_LISTEN)", func(c *Config) { c.DebugListen = "6060" }},
		{"--debug-listen (RECALL_DEBUG_LISTEN)", func(c *Config) { c.DebugListen = "127.0.0.1:http:" }},
		{"--debug-listen (RECALL_DEBUG_LISTEN)", func(c *Config) { c.DebugListen, c.JWTSecret = ":6060", goodSecret }},
		{"--answer-timeout (RECALL_ANSWER_TIMEOUT)", func(c *Config) { c.AnswerTimeout = 0 }},
		{"--db-max-conns (RECALL_DB_MAX_CONNS)", func(c *Config) { c.DBMaxConns = 1 }},
		{"--ping-interval (RECALL_PING_INTERVAL)", func(c *Config) { c.PingInterval = 0 }},
		{"--recall-budget (RECALL_RECALL_BUDGET)", func(c *Config) { c.RecallBudget++ }},
		{"--outbox-bytes (RECALL_OUTBOX_BYTES)", func(c *Config) { c.OutboxBytes = -1 }},
	} {
		c := Default()
		tc.change(&c)
		if err := c.Validate(); err == nil || !strings.HasPrefix(err.Error(), tc.key+": ") {
			t.Errorf("want an error about %s, got %v", tc.key, err)
		}
	}
}

func TestValidateReportsEverythingAtOnce(t *testing.T) {
	t.Parallel()
	c := Default()
	c.Listen, c.DBMaxConns, c.DataDir = "x", 0, ""
	if err := c.Validate(); err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("want three errors, got %v", err)
	}
}

func TestDevelopmentModeServesLoopbackOnly(t *testing.T) {
	t.Parallel()
	for listen, loopback := range map[string]bool{
		"127.0.0.1:80": true, "127.9.8.7:80": true, "[::1]:80": true, "localhost:0": true, "LocalHost:80": true, "[::ffff:127.0.0.1]:80": true,
		":80": false, "0.0.0.0:80": false, "[::]:80": false, "192.168.1.2:80": false, "example.com:80": false, "localhost.example.com:80": false,
	} {
		c := Default()
		c.Listen = listen
		if err := c.Validate(); (err == nil) != loopback {
			t.Errorf("development mode on %s: %v", listen, err)
		}
		c.JWTSecret = goodSecret
		if err := c.Validate(); err != nil {
			t.Errorf("with a secret on %s: %v", listen, err)
		}
		c.JWTSecret, c.JWKSURL = "", "https://id.example/keys"
		if err := c.Validate(); err != nil {
			t.Errorf("with a key set on %s: %v", listen, err)
		}
	}
}

func TestErrorsHideSecrets(t *testing.T) {
	t.Parallel()
	c := Default()
	c.JWTSecret, c.DatabaseURL, c.JWKSURL = "hunter2", "postgres://u:hunter2@h:port/d", "ftp://u:hunter2@h"
	if err := c.Validate(); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("the error shows a secret: %v", err)
	}
}

func TestServicesNeedTheirKeys(t *testing.T) {
	t.Parallel()
	c := Default()
	if c.HasOpenAI() || c.HasWhisper() || c.HasACRCloud() {
		t.Error("a service is asked without a key")
	}
	c.OpenAIURL = "http://127.0.0.1:11434/v1" // a local server needs none
	if !c.HasOpenAI() || !c.HasWhisper() {
		t.Error("a local server is not asked")
	}
	c.WhisperModel = None
	if c.HasWhisper() {
		t.Error("a model is asked that was switched off")
	}
	c.ACRCloudKey, c.ACRCloudSecret, c.ACRCloudURL = "k", "s", "https://identify-eu-west-1.acrcloud.com"
	if err := c.Validate(); err != nil || !c.HasACRCloud() {
		t.Errorf("ACRCloud: %v", err)
	}
}

func TestEffectiveHidesSecrets(t *testing.T) {
	t.Parallel()
	env := map[string]string{"RECALL_JWT_SECRET": "hunter2", "DATABASE_URL": "postgres://u:hunter2@h/d", "RECALL_JWKS_URL": "https://u:hunter2@h/keys"}
	_, parsed, err := parse(t, env)
	if err != nil {
		t.Fatal(err)
	}
	listed := Effective(parsed)
	if len(listed) == 0 {
		t.Error("nothing is listed")
	}
	for _, s := range listed {
		if strings.Contains(s.Value, "hunter2") {
			t.Errorf("%s shows %s", s.Flag, s.Value)
		}
		if _, given := env[s.Env]; given && (s.Source != FromEnvironment || s.Value == "") {
			t.Errorf("%+v does not tell that it is set", s)
		}
	}
}

func TestRedactURL(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"postgres://u:hunter2@h:5432/d?sslmode=disable": "postgres://u:xxxxx@h:5432/d?sslmode=disable",
		"postgres://h/d?host=/run&user=u":               "postgres://h/d?host=/run&user=u",
		"postgres://h/d?user=u&password=hunter2":        "postgres://h/d?password=xxxxx&user=u",
		"postgres://h/d?sslpassword=hunter2":            "postgres://h/d?sslpassword=xxxxx",
		"postgres://u:hun#ter2@h/d":                     hidden,
		"postgres://u:12#hunter2@h/d":                   hidden,
		"postgres://u:12?hunter2@h/d":                   hidden,
		"postgres://u:12/hunter2@h/d":                   hidden,
		"host=h password=hunter2 user=u":                "host=h password=xxxxx user=u",
		`host=h PASSWORD = 'hun ter\'2' user=u`:         "host=h PASSWORD=xxxxx user=u",
		`password=hun\ ter2 host=h`:                     "password=xxxxx host=h",
		"https://id.example/keys?api_key=hunter2":       "https://id.example/keys?api_key=xxxxx",
	} {
		if got := RedactURL(in); got != want {
			t.Errorf("RedactURL(%s) = %s, want %s", in, got, want)
		}
	}
}
