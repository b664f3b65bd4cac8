package embedded

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

const (
	socketPort = "5432"
	socketName = ".s.PGSQL." + socketPort
)

// maxSocketPath is what the kernel's address structure holds without the
// closing zero: 107 bytes on Linux, 103 on macOS.
const maxSocketPath = len(syscall.RawSockaddrUnix{}.Path) - 1

// chooseSocketDir is beside the cluster, or, where that path cannot be used, a short one below the temporary directory. Its name is a hash of the
// data directory, so that two servers never meet and a restart finds it again.
func (l layout) chooseSocketDir() string {
	if fitsSocket(l.sockets()) {
		return l.sockets()
	}
	sum := sha256.Sum256([]byte(l.cluster()))
	name := fmt.Sprintf("recall-%x", sum[:8])
	// Root's own temporary directory may be closed to the server's user.
	if dir := filepath.Join(os.TempDir(), name); os.Geteuid() != 0 && fitsSocket(dir) {
		return dir
	}
	return filepath.Join("/tmp", name)
}

// fitsSocket also refuses commas, which separate hosts in connection strings.
func fitsSocket(dir string) bool {
	return len(dir)+1+len(socketName) <= maxSocketPath && !strings.Contains(dir, ",")
}

// makeSocketDir creates the 0700 folder whose permission is the server's only
// lock (connections are trusted). The temporary directory is writable for all,
// so a folder that somebody else put there first is refused, not adopted.
func makeSocketDir(dir string, acc *account) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("embedded postgres: socket directory: %w", err)
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return fmt.Errorf("embedded postgres: socket directory: %w", err)
	}
	uid := info.Sys().(*syscall.Stat_t).Uid
	ours := uid == uint32(os.Geteuid()) || acc != nil && uid == acc.uid
	if !info.IsDir() || !ours {
		return fmt.Errorf("embedded postgres: socket directory %s already exists and is not ours (user id %d): remove it", dir, uid)
	}
	if err := errors.Join(os.Chmod(dir, 0o700), acc.give(dir)); err != nil {
		return fmt.Errorf("embedded postgres: socket directory: %w", err)
	}
	return clearSocket(dir)
}

// clearSocket removes what a killed server left. This is safe only because the
// caller owns the data directory: its lock, not the socket's, guards the data.
func clearSocket(dir string) error {
	for _, name := range []string{socketName, socketName + ".lock"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("embedded postgres: stale socket: %w", err)
		}
	}
	return nil
}

// socketURL names everything a client would otherwise take from PG* variables.
func socketURL(dir, role, database string) string {
	query := url.Values{"host": {dir}, "port": {socketPort}, "user": {role}, "sslmode": {"disable"}}
	u := url.URL{
		Scheme: "postgres", Path: "/" + database,
		// libpq, unlike Go, does not read + as a space.
		RawQuery: strings.ReplaceAll(query.Encode(), "+", "%20"),
	}
	return u.String()
}

// quoteListItem makes one element of a list setting out of any path.
func quoteListItem(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
