package embedded

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
)

// ErrNotInstalled is in the chain of the error that Start returns when no
// PostgreSQL server can be found on this machine.
var ErrNotInstalled = errors.New("PostgreSQL is not installed")

// ErrWrongVersion is in the chain of the error that Start returns when the
// data was written by a major version that is not installed.
var ErrWrongVersion = errors.New("data of another PostgreSQL version")

func notInstalled() error {
	return fmt.Errorf("embedded postgres: %w: run %q, or set DATABASE_URL to use a server of your own",
		ErrNotInstalled, installCommand(systemIDs(), 0))
}

func wrongMajor(want int, have []string) error {
	return fmt.Errorf("embedded postgres: %w: the cluster was made by PostgreSQL %d, installed is %s: run %q, "+
		"or move the data with pg_dump or pg_upgrade (nothing was changed)",
		ErrWrongVersion, want, strings.Join(have, ", "), installCommand(systemIDs(), want))
}

// installCommand is the one line for this system; major 0 means any version.
// systems are os-release identifiers, the most specific first.
func installCommand(systems []string, major int) string {
	suffix := ""
	if major > 0 {
		suffix = fmt.Sprint(major)
	}
	for _, id := range systems {
		switch id {
		case "debian", "ubuntu":
			return strings.TrimSuffix("apt-get install postgresql-"+suffix, "-")
		case "fedora", "rhel", "centos":
			return "dnf install postgresql" + suffix + "-server postgresql" + suffix + "-contrib"
		case "alpine":
			return "apk add postgresql" + suffix + " postgresql" + suffix + "-contrib"
		case "arch":
			return "pacman -S postgresql"
		case "suse", "opensuse":
			return "zypper install postgresql" + suffix + "-server postgresql" + suffix + "-contrib"
		case "darwin":
			return strings.TrimSuffix("brew install postgresql@"+suffix, "@")
		}
	}
	return strings.TrimSpace("install PostgreSQL " + suffix)
}

// systemIDs reads ID and ID_LIKE of os-release, so that derived distributions
// get the advice of their parent.
func systemIDs() []string {
	if runtime.GOOS != "linux" {
		return []string{runtime.GOOS}
	}
	text, err := os.ReadFile("/etc/os-release")
	if err != nil {
		return nil
	}
	return parseOSRelease(string(text))
}

func parseOSRelease(text string) []string {
	var own, like []string
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		ids := strings.Fields(strings.Trim(value, `"'`))
		switch key {
		case "ID":
			own = ids
		case "ID_LIKE":
			like = ids
		}
	}
	return append(own, like...)
}
