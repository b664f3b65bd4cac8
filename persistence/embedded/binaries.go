package embedded

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// installation is one folder that holds both postgres and initdb.
type installation struct {
	dir   string
	major int
}

func (i installation) postgres() string { return filepath.Join(i.dir, "postgres") }
func (i installation) initdb() string   { return filepath.Join(i.dir, "initdb") }

// places is where to look: the folders of PATH first, since a person who set
// PATH meant it, then the patterns, in each the newest version first.
type places struct {
	path     string
	patterns []string
}

// knownPlaces covers Debian, the PGDG packages, Alpine, Homebrew (both
// processors) and Postgres.app: none of them puts the server on PATH.
func knownPlaces() places {
	return places{path: os.Getenv("PATH"), patterns: []string{
		"/usr/lib/postgresql/*/bin",
		"/usr/pgsql-*/bin",
		"/usr/libexec/postgresql*",
		"/opt/homebrew/opt/postgresql*/bin",
		"/usr/local/opt/postgresql*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin",
		"/usr/local/pgsql/bin",
	}}
}

// find returns the installation to use: the first one, or with major > 0 the
// first of that major version, since only that can open an existing cluster.
func (p places) find(ctx context.Context, major int) (installation, error) {
	var seen []string
	for _, dir := range p.candidates() {
		inst, err := inspect(ctx, dir)
		if ctx.Err() != nil { // a cancelled look finds nothing, which proves nothing
			return installation{}, fmt.Errorf("embedded postgres: %w", context.Cause(ctx))
		}
		if err != nil {
			continue
		}
		if major == 0 || inst.major == major {
			return inst, nil
		}
		seen = append(seen, strconv.Itoa(inst.major))
	}
	if len(seen) > 0 {
		return installation{}, wrongMajor(major, slices.Compact(seen))
	}
	return installation{}, notInstalled()
}

// candidates lists real folders once each: links on PATH (Debian machines often
// have them in /usr/local/bin) are followed to where the server's own files are.
func (p places) candidates() []string {
	var dirs []string
	add := func(dir string) {
		if real, ok := binDir(dir); ok && !slices.Contains(dirs, real) {
			dirs = append(dirs, real)
		}
	}
	for _, dir := range filepath.SplitList(p.path) {
		if filepath.IsAbs(dir) { // a relative entry could be anybody's
			add(dir)
		}
	}
	for _, pattern := range p.patterns {
		found, _ := filepath.Glob(pattern)               // the only error is a bad pattern
		fixed := max(strings.IndexAny(pattern, "*["), 0) // what differs starts here
		slices.SortFunc(found, func(a, b string) int { return versionIn(b[fixed:]) - versionIn(a[fixed:]) })
		for _, dir := range found {
			add(dir)
		}
	}
	return dirs
}

// binDir follows dir/postgres to its real folder and asks for initdb beside it.
func binDir(dir string) (string, bool) {
	real, err := filepath.EvalSymlinks(filepath.Join(dir, "postgres"))
	if err != nil {
		return "", false
	}
	real = filepath.Dir(real)
	for _, name := range []string{"postgres", "initdb"} {
		if _, err := exec.LookPath(filepath.Join(real, name)); err != nil {
			return "", false
		}
	}
	return real, true
}

// inspect asks the server for its version: "postgres (PostgreSQL) 15.13 ...".
func inspect(ctx context.Context, dir string) (installation, error) {
	inst := installation{dir: dir}
	cmd := exec.CommandContext(ctx, inst.postgres(), "--version")
	cmd.Env = environment()
	out, err := cmd.Output()
	if err != nil {
		return inst, fmt.Errorf("embedded postgres: %s --version: %w", inst.postgres(), err)
	}
	if _, version, ok := strings.Cut(string(out), ") "); ok {
		inst.major = versionIn(version)
	}
	if inst.major == 0 {
		return inst, fmt.Errorf("embedded postgres: %s --version says %q", inst.postgres(), out)
	}
	return inst, nil
}

var number = regexp.MustCompile(`\d+`)

// versionIn is the first number in s, or 0.
func versionIn(s string) int {
	n, _ := strconv.Atoi(number.FindString(s))
	return n
}
