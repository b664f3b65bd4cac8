package config

import (
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
)

// grammar is that of a program with commands, as the real one is.
type grammar struct {
	Serve struct{} `cmd:"" default:"1"`
	Other struct{} `cmd:""`
}

func parse(t *testing.T, env map[string]string, args ...string) (*Config, *kong.Context, error) {
	t.Helper()
	c := new(Config)
	k, err := kong.New(new(grammar), Options(c, func(key string) string { return env[key] })...)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := k.Parse(args)
	return c, parsed, err
}

func TestDefaultIsValid(t *testing.T) {
	t.Parallel()
	c := Default()
	if err := c.Validate(); err != nil {
		t.Error(err)
	}
	if !c.Dev() || !c.Seed || c.Listen != "127.0.0.1:8080" || c.DataDir == "" || c.RecallBudget != 55*time.Second ||
		c.MessageCacheBytes != 64<<20 || c.LogLevel != slog.LevelInfo || c.LogFormat != LogAuto {
		t.Errorf("defaults: %+v", c)
	}
}

// declared are the fields, those of the parts included.
func declared() []reflect.StructField {
	return slices.DeleteFunc(reflect.VisibleFields(reflect.TypeFor[Config]()), func(f reflect.StructField) bool { return f.Anonymous })
}

// Every field must be reachable in each of the three ways, and no two fields by
// the same one.
func TestEveryFieldIsDeclared(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, field := range declared() {
		for _, tag := range []string{"name", "env", "help", "group"} {
			if field.Tag.Get(tag) == "" {
				t.Errorf("%s has no tag %s", field.Name, tag)
			}
		}
		for _, name := range []string{field.Tag.Get("name"), field.Tag.Get("env")} {
			if other, taken := seen[name]; taken {
				t.Errorf("%s and %s are both %s", field.Name, other, name)
			}
			seen[name] = field.Name
		}
	}
}

func TestFlagOverEnvironmentOverDefault(t *testing.T) {
	t.Parallel()
	env := map[string]string{"RECALL_LISTEN": "localhost:1", "RECALL_PING_INTERVAL": "3s", "RECALL_PONG_TIMEOUT": "", "RECALL_SEED": "false"}
	c, parsed, err := parse(t, env, "other", "--listen=localhost:2", "--outbox-bytes", "2MiB")
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != "localhost:2" || c.PingInterval != 3*time.Second || c.PongTimeout != 10*time.Second || c.Seed || c.OutboxBytes != 2<<20 {
		t.Errorf("parsed %+v", *c)
	}
	want := map[string]Setting{
		"listen":        {"listen", "RECALL_LISTEN", "localhost:2", FromFlag},
		"ping-interval": {"ping-interval", "RECALL_PING_INTERVAL", "3s", FromEnvironment},
		"pong-timeout":  {"pong-timeout", "RECALL_PONG_TIMEOUT", "10s", FromDefault},
		"seed":          {"seed", "RECALL_SEED", "false", FromEnvironment},
		"outbox-bytes":  {"outbox-bytes", "RECALL_OUTBOX_BYTES", "2MiB", FromFlag},
	}
	for _, s := range Effective(parsed) {
		if w, ok := want[s.Flag]; ok && s != w {
			t.Errorf("effective %+v, want %+v", s, w)
		}
		delete(want, s.Flag)
	}
	if len(want) > 0 {
		t.Errorf("not listed: %v", slices.Collect(maps.Keys(want)))
	}
}

func TestEffectiveListsEveryField(t *testing.T) {
	t.Parallel()
	_, parsed, err := parse(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(Effective(parsed)), len(declared()); got != want {
		t.Errorf("%d settings listed, %d declared", got, want)
	}
}

func TestListsAndLevelsFromTheEnvironment(t *testing.T) {
	t.Parallel()
	c, _, err := parse(t, map[string]string{
		"RECALL_ALLOWED_ORIGINS": "https://a.example,http://b.example:8080", "RECALL_LOG_LEVEL": "debug", "RECALL_LOG_FORMAT": "json"})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.AllowedOrigins) != 2 || c.LogLevel != slog.LevelDebug || c.LogFormat != LogJSON {
		t.Errorf("parsed %+v", *c)
	}
	if err := c.Validate(); err != nil {
		t.Error(err)
	}
}

func TestUnreadableValuesNameTheKey(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ env, flag, value string }{
		{"RECALL_PING_INTERVAL", "ping-interval", "soon"},
		{"RECALL_OUTBOX_BYTES", "outbox-bytes", "lots"},
		{"RECALL_MAX_CONNECTIONS", "max-connections", "many"},
		{"RECALL_LOG_LEVEL", "log-level", "loud"},
		{"RECALL_LOG_FORMAT", "log-format", "xml"},
		{"RECALL_SEED", "seed", "perhaps"},
	} {
		if _, _, err := parse(t, map[string]string{tc.env: tc.value}); err == nil || !strings.Contains(err.Error(), tc.env) {
			t.Errorf("%s=%s: error %v does not name the variable", tc.env, tc.value, err)
		}
		_, _, err := parse(t, nil, "--"+tc.flag+"="+tc.value)
		if err == nil || !strings.Contains(err.Error(), "--"+tc.flag) {
			t.Errorf("--%s=%s: error %v does not name the flag", tc.flag, tc.value, err)
		}
	}
}

// A variable that serves one command must not disturb the ones without it, and
// a value that the flag replaces need not be readable.
func TestFlagReplacesUnreadableVariable(t *testing.T) {
	t.Parallel()
	c, _, err := parse(t, map[string]string{"RECALL_PING_INTERVAL": "soon"}, "--ping-interval=1s")
	if err != nil || c.PingInterval != time.Second {
		t.Errorf("%v, %v", c.PingInterval, err)
	}
}
