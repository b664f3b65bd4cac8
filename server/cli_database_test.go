package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"recall/persistence/embedded"
)

// dataDir is a folder that the unprivileged Postgres of root can reach, in
// memory where the system has that.
func dataDir(t *testing.T) string {
	t.Helper()
	base := "/dev/shm"
	if info, err := os.Stat(base); err != nil || !info.IsDir() {
		base = ""
	}
	dir, err := os.MkdirTemp(base, "recall-cli-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	goodRow = "Zanzibar Lullaby,The Invented Band,1999\n"
	badRow  = ",Nobody,1999\n"
	header  = "title,artist,year\n"
)

// The way of an operator on a fresh machine, each command starting the embedded
// database by itself.
func TestCatalogOnAFreshMachine(t *testing.T) {
	t.Parallel()
	env := map[string]string{"RECALL_DATA_DIR": dataDir(t)}
	cli(t, env, "migrate", "--status").want(t, 0, "database version 0", "recall migrate", "made an embedded database: "+env["RECALL_DATA_DIR"])
	cli(t, env, "migrate", "--status").lack(t, "made an embedded")
	cli(t, env, "migrate").want(t, 0, "up to date")
	cli(t, env, "migrate", "--status").want(t, 0, "up to date")

	bad := write(t, "songs.csv", header+goodRow+badRow)
	cli(t, env, "catalog", "import", bad).want(t, exitFailed, "songs.csv: line 3: title", "--skip-bad")
	search := cli(t, env, "catalog", "search", "zanzibar", "lullaby", "--limit=1")
	if search.want(t, 0); strings.Contains(search.stdout, "Zanzibar") {
		t.Errorf("a refused file left songs behind:\n%s", search.stdout)
	}
	cli(t, env, "catalog", "import", bad, "--skip-bad").want(t, 0, "line 3", "1 song read", "1 added", "1 bad row left out")
	cli(t, env, "catalog", "search", "zanzibar", "lullaby", "--limit=1").want(t, 0, "1. ", "Zanzibar Lullaby – The Invented Band (1999)")
	cli(t, env, "catalog", "search", "--database", "zanzibar", "lullaby").want(t, 0, "Zanzibar Lullaby – The Invented Band (1999)")
	foreign := write(t, "songs.csv", "title;artist\nA;B\n")
	for _, flags := range [][]string{{}, {"--skip-bad"}} { // which would not help
		o := cli(t, env, append([]string{"catalog", "import", foreign}, flags...)...)
		o.want(t, exitFailed, "line 1: header", "separate columns with commas", "Nothing was imported")
		o.lack(t, "with --skip-bad")
	}
	cli(t, env, "catalog", "import", "/does/not/exist").want(t, exitFailed, "/does/not/exist")
	cli(t, env, "catalog", "import", t.TempDir()).want(t, exitFailed, "is a directory")
}

// A running server owns the data directory; tools work beside it.
func TestCatalogBesideARunningServer(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	server, err := embedded.Start(t.Context(), embedded.Options{DataDir: dir, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	stopped := server.Done()
	t.Cleanup(func() { <-stopped })
	defer server.Stop(t.Context())

	p := &program{stdin: strings.NewReader(header + goodRow)}
	env := map[string]string{"RECALL_DATA_DIR": dir}
	recallWith(t, p, env, "catalog", "import", "-").want(t, 0, "1 added")
	cli(t, env, "catalog", "search", "zanzibar lullaby").want(t, 0, "Zanzibar Lullaby")
	if server.Err() != nil {
		t.Errorf("the tools disturbed the server: %v", server.Err())
	}
	// The same by its address, as with a database of one's own.
	byURL := map[string]string{"DATABASE_URL": server.URL()}
	p = &program{stdin: strings.NewReader(header + goodRow)}
	recallWith(t, p, byURL, "catalog", "import", "--format=csv", "-").want(t, 0, "1 unchanged")
}
