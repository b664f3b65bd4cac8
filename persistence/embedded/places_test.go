package embedded

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// fakeServer puts scripts in place of postgres and initdb.
func fakeServer(t *testing.T, dir, version string) string {
	t.Helper()
	check(t, os.MkdirAll(dir, 0o755))
	script := "#!/bin/sh\necho 'postgres (PostgreSQL) " + version + "'\n"
	for _, name := range []string{"postgres", "initdb"} {
		check(t, os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755))
	}
	real, err := filepath.EvalSymlinks(dir)
	check(t, err)
	return real
}

func TestBinariesAreFoundNewestFirst(t *testing.T) {
	t.Parallel()
	ctx, root := context.Background(), t.TempDir()
	nine := fakeServer(t, filepath.Join(root, "9", "bin"), "9.6.24")
	fifteen := fakeServer(t, filepath.Join(root, "15", "bin"), "15.13 (Debian 15.13-0+deb12u1)")
	seventeen := fakeServer(t, filepath.Join(root, "17", "bin"), "17beta1")
	links := filepath.Join(root, "links")
	check(t, os.MkdirAll(links, 0o755))
	check(t, os.Symlink(filepath.Join(nine, "postgres"), filepath.Join(links, "postgres")))
	globs := []string{filepath.Join(root, "[0-9]*", "bin")}

	for name, c := range map[string]struct {
		places places
		major  int
		want   installation
	}{
		"newest of a pattern":       {places{patterns: globs}, 0, installation{seventeen, 17}},
		"PATH first, links resolve": {places{path: links, patterns: globs}, 0, installation{nine, 9}},
		"the cluster's version":     {places{path: links, patterns: globs}, 15, installation{fifteen, 15}},
		"relative PATH is ignored":  {places{path: ".:" + links}, 0, installation{nine, 9}},
	} {
		got, err := c.places.find(ctx, c.major)
		if err != nil || got != c.want {
			t.Errorf("%s: %v %v, want %v", name, got, err, c.want)
		}
	}
	_, err := places{patterns: globs}.find(ctx, 14)
	wantText(t, err, "PostgreSQL 14", "17, 15, 9")
}

func TestNoBinariesGivesOneLineOfAdvice(t *testing.T) {
	t.Parallel()
	opt := testOptions(scratch(t))
	opt.BinDir = t.TempDir()
	_, err := Start(context.Background(), opt)
	if !errors.Is(err, ErrNotInstalled) || strings.Contains(err.Error(), "\n") {
		t.Fatalf("error: %v", err)
	}
	wantText(t, err, "install", "DATABASE_URL")
}

func TestAdviceFitsTheSystem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		systems []string
		major   int
		want    string
	}{
		{[]string{"debian"}, 0, "apt-get install postgresql"},
		{[]string{"linuxmint", "ubuntu", "debian"}, 14, "apt-get install postgresql-14"},
		{[]string{"rocky", "rhel", "centos", "fedora"}, 0, "dnf install postgresql-server postgresql-contrib"},
		{[]string{"alpine"}, 16, "apk add postgresql16 postgresql16-contrib"},
		{[]string{"darwin"}, 17, "brew install postgresql@17"},
		{[]string{"darwin"}, 0, "brew install postgresql"},
		{[]string{"plan9"}, 0, "install PostgreSQL"},
	} {
		if got := installCommand(c.systems, c.major); got != c.want {
			t.Errorf("%v %d: %q, want %q", c.systems, c.major, got, c.want)
		}
	}
	got := parseOSRelease("NAME=\"X\"\nID=mint\nID_LIKE=\"ubuntu debian\"\nVERSION_ID=1\n")
	if !slices.Equal(got, []string{"mint", "ubuntu", "debian"}) {
		t.Errorf("os-release read as %v", got)
	}
}

func TestLongAndOddPaths(t *testing.T) {
	t.Parallel()
	for name, sub := range map[string]string{
		"long":  strings.Repeat("long-name/", 12),
		"comma": "one,two",
		"odd":   `with space "quote" + plus é %41 ' $HOME`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(scratch(t), sub)
			t.Cleanup(func() { check(t, Remove(context.Background(), dir)) })
			s := start(t, dir)
			keep(t, s.URL())
			socketDir := s.layout.socketDir
			if moved := name != "odd"; moved != (socketDir != s.layout.sockets()) || !fitsSocket(socketDir) {
				t.Errorf("socket is in %s", socketDir)
			}
			stop(t, s)
			if _, err := os.Stat(socketDir); name != "odd" && !os.IsNotExist(err) {
				t.Errorf("temporary socket directory stayed: %v", err)
			}
			kept(t, start(t, dir).URL())
		})
	}
}

func TestSocketPathIsTriedAtItsBound(t *testing.T) {
	t.Parallel()
	room := maxSocketPath - len("/") - len(socketName)
	if !fitsSocket(strings.Repeat("x", room)) || fitsSocket(strings.Repeat("x", room+1)) {
		t.Errorf("bound is not %d", room)
	}
}

func TestSocketDirOfAStrangerIsRefused(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "run")
	check(t, os.Symlink(t.TempDir(), dir))
	wantText(t, makeSocketDir(dir, nil), dir, "not ours")
}

func TestLogIsRotatedAtItsBound(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "server.log")
	check(t, os.WriteFile(path, nil, 0o600))
	check(t, os.Truncate(path, maxLogBytes+1))
	f, err := openLog(path)
	check(t, err)
	check(t, f.Close())
	old, err := os.Stat(path + ".1")
	check(t, err)
	if info, err := os.Stat(path); err != nil || info.Size() != 0 || old.Size() != maxLogBytes+1 {
		t.Errorf("after rotation: %v %v, old %d", info.Size(), err, old.Size())
	}
}

func TestReasonIsWhatPostgresGaveAsFatal(t *testing.T) {
	t.Parallel()
	log := "2026 [1] LOG:  starting\n2026 [1] FATAL:  no space\n2026 [1] HINT:  free some\n"
	if got := reasonIn(log); got != "no space free some" {
		t.Errorf("got %q", got)
	}
}

func TestReachNamesTheTopmostClosedParent(t *testing.T) {
	t.Parallel()
	stranger := &account{name: "stranger", uid: 4_000_000_000, gid: 4_000_000_000}
	open := t.TempDir() // its parent is 0700 and ours
	closed := filepath.Join(open, "a", "b")
	check(t, os.MkdirAll(closed, 0o700))
	err := stranger.checkReach(filepath.Join(closed, "not", "yet"))
	wantText(t, err, "stranger", filepath.Dir(open)+",", "chmod o+x")
	var ourselves *account
	check(t, ourselves.checkReach(closed))
}

func TestRootIsToldWhichParentIsClosed(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root changes user")
	}
	closed := filepath.Join(scratch(t), "closed")
	check(t, os.Mkdir(closed, 0o700))
	dir := filepath.Join(closed, "data")
	_, err := Start(context.Background(), testOptions(dir))
	wantText(t, err, "cannot enter "+closed+",")
}

// A cluster restored by root belongs to root, which Postgres refuses.
func TestRootOwnedClusterIsGivenBack(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	dir := scratch(t)
	s := start(t, dir)
	keep(t, s.URL())
	stop(t, s)
	check(t, (&account{uid: 0, gid: 0}).adopt(s.layout.cluster()))
	kept(t, start(t, dir).URL())
}

func TestAccountFollowsTheClustersOwner(t *testing.T) {
	t.Parallel()
	alice := &account{uid: 1000}
	for name, c := range map[string]struct {
		me    uint32
		owner *account
		want  *account
	}{
		"ordinary user, new":    {1000, nil, nil},
		"ordinary user, own":    {1000, alice, nil},
		"root, somebody's data": {0, alice, alice},
	} {
		if got, err := choose(c.me, c.owner, "data"); err != nil || got != c.want {
			t.Errorf("%s: %v %v, want %v", name, got, err, c.want)
		}
	}
	_, err := choose(1001, alice, "/x/data")
	wantText(t, err, "/x/data", "user id 1000")
	if got, err := choose(0, &account{uid: 0}, "data"); err != nil || got.uid == 0 {
		t.Errorf("root's own data would run as %v %v", got, err)
	}
}

// Whoever owns the cluster goes on owning it, also when root starts it.
func TestRootRunsAClusterAsItsOwner(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root changes user")
	}
	dir := scratch(t)
	s := start(t, dir)
	stop(t, s)
	other := &account{uid: 54321, gid: 54321}
	check(t, other.adopt(s.layout.cluster()))
	check(t, other.give(s.layout.sockets()))
	info, err := os.Stat("/proc/" + itoa(start(t, dir).Pid()))
	check(t, err)
	if uid := info.Sys().(*syscall.Stat_t).Uid; uid != other.uid {
		t.Errorf("server runs as %d, want %d", uid, other.uid)
	}
}

func TestDefaultDataDir(t *testing.T) { // no t.Parallel: changes the working directory
	t.Chdir("/")
	if got := DefaultDataDir(); got != ".data" {
		t.Errorf("in a folder open to all: %q", got)
	}
	if os.Geteuid() != 0 {
		return
	}
	t.Chdir(t.TempDir()) // 0700 above it
	if got := DefaultDataDir(); got != fallbackDataDir {
		t.Errorf("in a folder closed to others: %q", got)
	}
}
