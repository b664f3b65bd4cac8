package pgtest

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// minMemory is what must be free in /dev/shm to put databases there: a cluster
// takes 40 MB, its log and the copies of the template the rest. Containers often
// have only 64 MB.
const minMemory = 2 << 30

// makeScratch creates the folder below which all servers of this process live.
// Others may pass through, since under root the server runs as another user.
func makeScratch() (string, error) {
	dir, err := os.MkdirTemp(scratchBase(), fmt.Sprintf("recall-pgtest-%d-", os.Getpid()))
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o711)
}

// scratchBase is memory if the system offers enough of it as a folder.
func scratchBase() string {
	const memory = "/dev/shm"
	var st unix.Statfs_t
	if unix.Access(memory, unix.W_OK|unix.X_OK) != nil || unix.Statfs(memory, &st) != nil {
		return os.TempDir()
	}
	if uint64(st.Bavail)*uint64(st.Bsize) < minMemory { //nolint:unconvert // the types differ by system
		return os.TempDir()
	}
	return memory
}

// subfolder makes a data directory in the scratch folder.
func (r *reaper) subfolder() (string, error) {
	dir, err := os.MkdirTemp(r.scratch, "server-")
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o711)
}

// prefix begins the names of all databases of this process: unique by the
// scratch folder's name, and known to the reaper from it.
func prefix(scratch string) string {
	return "recall_test_" + filepath.Base(scratch)[len("recall-pgtest-"):] + "_"
}
