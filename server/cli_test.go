package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"recall/server/auth"
	"recall/server/config"
	"recall/wire"
)

const testSecret = "0123456789abcdef0123456789abcdef"

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// outcome is what a person sees of one run.
type outcome struct {
	code           int
	stdout, stderr string
}

// recallWith runs the command line in this process with the given environment.
func recallWith(t *testing.T, p *program, env map[string]string, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	p.stdout, p.stderr = &stdout, &locked{w: &stderr}
	p.env = func(key string) string { return env[key] }
	code := p.run(t.Context(), args)
	return outcome{code, stdout.String(), stderr.String()}
}

// locked lets the database's watcher log while the command writes.
type locked struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}

func cli(t *testing.T, env map[string]string, args ...string) outcome {
	t.Helper()
	return recallWith(t, &program{}, env, args...)
}

func (o outcome) want(t *testing.T, code int, parts ...string) {
	t.Helper()
	if o.code != code {
		t.Errorf("exit code %d, want %d\n%s", o.code, code, o.stderr)
	}
	for _, part := range parts {
		if !strings.Contains(o.stdout+o.stderr, part) {
			t.Errorf("%q is missing in:\n%s%s", part, o.stdout, o.stderr)
		}
	}
}

// lack expects none of the parts.
func (o outcome) lack(t *testing.T, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(o.stdout+o.stderr, part) {
			t.Errorf("%q is in:\n%s%s", part, o.stdout, o.stderr)
		}
	}
}

func TestBadSettingsNameTheKeyAndStopEveryCommand(t *testing.T) {
	t.Parallel()
	env := map[string]string{"RECALL_LISTEN": "0.0.0.0:80"}
	for _, args := range [][]string{{}, {"serve"}, {"token"}, {"migrate"}, {"catalog", "import", "x"}, {"catalog", "search", "x"}, {"config"}} {
		cli(t, env, args...).want(t, exitUsage, "--listen (RECALL_LISTEN)")
	}
	cli(t, map[string]string{"RECALL_PING_INTERVAL": "soon"}).want(t, exitUsage, "RECALL_PING_INTERVAL")
	cli(t, nil, "--ping-interval=soon").want(t, exitUsage, "--ping-interval")
	cli(t, env, "version").want(t, 0, "recall ")
}

func TestUsage(t *testing.T) {
	t.Parallel()
	cli(t, nil, "--help").want(t, 0, "catalog import", "RECALL_JWT_SECRET", "25s", "Network")
	cli(t, nil, "catalog", "import", "--help").want(t, 0, "--skip-bad")
	for _, args := range [][]string{{"nonsense"}, {"--nonsense"}, {"catalog"}, {"catalog", "import"}, {"catalog", "search"}, {"token", "--user=me"}, {"token", "--ttl=0s"}, {"catalog", "search", "--limit=0", "x"}} {
		cli(t, nil, args...).want(t, exitUsage, "recall: ")
	}
}

func TestConfigShowsSourcesAndHidesSecrets(t *testing.T) {
	t.Parallel()
	env := map[string]string{"RECALL_JWT_SECRET": testSecret, "DATABASE_URL": "postgres://u:hunter2@h/d", "RECALL_PONG_TIMEOUT": "4s", "RECALL_PING_INTERVAL": "4s"}
	table := cli(t, env, "config", "--ping-interval=3s")
	table.want(t, 0, "postgres://u:xxxxx@h/d", "(hidden)")
	listed := cli(t, env, "config", "--json", "--ping-interval=3s")
	for _, o := range []outcome{table, listed} {
		if strings.Contains(o.stdout, testSecret) || strings.Contains(o.stdout, "hunter2") {
			t.Errorf("a secret is shown:\n%s", o.stdout)
		}
	}
	var settings []config.Setting
	if err := json.Unmarshal([]byte(listed.stdout), &settings); err != nil {
		t.Fatal(err)
	}
	sources := map[string]config.Setting{}
	for _, s := range settings {
		sources[s.Flag] = s
	}
	for flag, want := range map[string]config.Setting{
		"ping-interval": {Value: "3s", Source: config.FromFlag}, "pong-timeout": {Value: "4s", Source: config.FromEnvironment},
		"hello-timeout": {Value: "10s", Source: config.FromDefault},
	} {
		if got := sources[flag]; got.Value != want.Value || got.Source != want.Source {
			t.Errorf("%s: %+v, want %+v", flag, got, want)
		}
	}
}

func TestTokenSignsIn(t *testing.T) {
	t.Parallel()
	user := wire.NewID()
	for what, env := range map[string]map[string]string{
		"secret":      {"RECALL_JWT_SECRET": testSecret, "RECALL_JWT_ISSUER": "id.example", "RECALL_JWT_AUDIENCE": "recall"},
		"development": {"RECALL_DATA_DIR": t.TempDir()},
	} {
		p := &program{}
		o := recallWith(t, p, env, "token", "--user", user.String(), "--ttl=1h")
		o.want(t, 0, user.String())
		options, err := auth.OptionsFor(p.cfg, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		v, err := auth.Open(t.Context(), options)
		if err != nil {
			t.Fatal(err)
		}
		claims, err := v.Verify(t.Context(), strings.TrimSuffix(o.stdout, "\n"))
		if left := time.Until(claims.ExpiresAt); err != nil || claims.UserID != user || left <= 0 || left > time.Hour {
			t.Errorf("%s: %+v, %v", what, claims, err)
		}
	}
}

func TestTokenNeedsASecret(t *testing.T) {
	t.Parallel()
	o := cli(t, map[string]string{"RECALL_JWKS_URL": "https://id.example/keys"}, "token")
	o.want(t, exitUsage, "RECALL_JWT_SECRET")
	if o.stdout != "" {
		t.Errorf("printed %q", o.stdout)
	}
}

func TestVersionText(t *testing.T) {
	t.Parallel()
	info := &debug.BuildInfo{Settings: []debug.BuildSetting{
		{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.time", Value: "2026-01-02T03:04:05Z"}, {Key: "vcs.modified", Value: "true"}}}
	got := versionText("v1.2.3", info)
	for _, part := range []string{"recall v1.2.3 ", "commit 0123456789ab,", "2026-01-02", "local changes"} {
		if !strings.Contains(got, part) {
			t.Errorf("%q lacks %q", got, part)
		}
	}
	if got := versionText("", nil); !strings.HasPrefix(got, "recall (devel) (go") {
		t.Errorf("nothing known: %q", got)
	}
}

func TestLogFormats(t *testing.T) {
	t.Parallel()
	for format, isJSON := range map[config.LogFormat]bool{config.LogAuto: true, config.LogJSON: true, config.LogText: false} {
		var out bytes.Buffer
		p := &program{stderr: &out, env: func(string) string { return "" }, cfg: config.Config{LogFormat: format, LogLevel: slog.LevelInfo}}
		p.logger().Debug("too low")
		p.logger().Info("hello")
		p.toolLogger().Info("a tool is quiet")
		if got := out.String(); json.Valid(out.Bytes()) != isJSON || strings.Count(got, "\n") != 1 || strings.Contains(got, "\x1b") {
			t.Errorf("%s: %q", format, got)
		}
	}
}

func TestInterruptedCommandSaysSo(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	p := &program{stdout: &stdout, stderr: &stderr, env: func(string) string { return "" }}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	code := p.run(ctx, []string{"migrate", "--data-dir", dataDir(t)})
	outcome{code, stdout.String(), stderr.String()}.want(t, exitFailed, "recall: interrupted\n")
}
