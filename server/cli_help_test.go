package main

import (
	"slices"
	"testing"

	"recall/server/config"
)

// The help of a command lists the settings that it uses, and those exist.
func TestHelpShowsWhatTheCommandUses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args        []string
		shows, less string // environment variables
	}{
		{nil, "RECALL_PING_INTERVAL", ""},
		{[]string{"serve"}, "RECALL_PING_INTERVAL", ""},
		{[]string{"token"}, "RECALL_JWT_SECRET", "RECALL_PING_INTERVAL"},
		{[]string{"migrate"}, "DATABASE_URL", "RECALL_SEED"},
		{[]string{"catalog", "search"}, "RECALL_SEED", "RECALL_JWT_SECRET"},
		{[]string{"catalog", "import"}, "RECALL_DB_MAX_CONNS", "RECALL_DRAIN_TIMEOUT"},
		{[]string{"version"}, "Show the version", "RECALL_"},
	} {
		o := cli(t, nil, append(c.args, "--help")...)
		o.want(t, 0, c.shows)
		if c.less != "" {
			o.lack(t, c.less)
		}
	}
	p := &program{}
	recallWith(t, p, nil, "config").want(t, 0)
	var all []string
	for _, s := range config.Effective(p.parsed) {
		all = append(all, s.Flag)
	}
	for command, used := range usedBy {
		for _, flag := range used {
			if !slices.Contains(all, flag) {
				t.Errorf("%s uses --%s, which is no setting", command, flag)
			}
		}
	}
}

// After a fault of the line the help of what was meant is named.
func TestFaultyLineNamesItsHelp(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"Try: recall --help\n":                {"nonsense"},
		"Try: recall serve --help\n":          {"serve", "--nonsense"},
		"Try: recall catalog --help\n":        {"catalog"},
		"Try: recall catalog import --help\n": {"catalog", "import"},
		"Try: recall token --help\n":          {"token", "--ttl=0s"},
	} {
		cli(t, nil, args...).want(t, exitUsage, want)
	}
	cli(t, nil, "--ping-interval=3").want(t, exitUsage, "recall: --ping-interval (RECALL_PING_INTERVAL): must have a unit, such as 3s\n")
	cli(t, map[string]string{"RECALL_PING_INTERVAL": "3"}).want(t, exitUsage, "recall: --ping-interval (RECALL_PING_INTERVAL): must have a unit, such as 3s\n")
}

func TestVersionIsAlsoAFlag(t *testing.T) {
	t.Parallel()
	cli(t, nil, "--version").want(t, 0, cli(t, nil, "version").stdout)
}

func TestTokenTellsOfTheSecretItMakes(t *testing.T) {
	t.Parallel()
	env := map[string]string{"RECALL_DATA_DIR": t.TempDir()}
	cli(t, env, "token").want(t, 0, "made a development secret: "+env["RECALL_DATA_DIR"])
	cli(t, env, "token").lack(t, "made a")
	cli(t, map[string]string{"RECALL_DATA_DIR": t.TempDir(), "RECALL_JWT_SECRET": testSecret}, "token").lack(t, "made a")
}
