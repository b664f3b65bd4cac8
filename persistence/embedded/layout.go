package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// layout names every path this package owns, all in one folder of the
// application's data directory, so that other things (secrets, media) can live
// beside it and one folder is the whole answer to "where is my database?".
type layout struct {
	dataDir   string // absolute, without links
	socketDir string // run/ unless that path cannot be used, see socket.go
}

func newLayout(dataDir string) layout {
	l := layout{dataDir: dataDir}
	l.socketDir = l.chooseSocketDir()
	return l
}

func (l layout) home() string    { return filepath.Join(l.dataDir, "postgres") }
func (l layout) cluster() string { return filepath.Join(l.home(), "data") }
func (l layout) unborn() string  { return filepath.Join(l.home(), "data.new") }
func (l layout) owner() string   { return filepath.Join(l.home(), "owner") }
func (l layout) log() string     { return filepath.Join(l.home(), "server.log") }
func (l layout) sockets() string { return filepath.Join(l.home(), "run") }

// makeLayout creates the folders that belong to the starting process.
func makeLayout(dataDir string) (layout, error) {
	if dataDir == "" {
		return layout{}, errors.New("embedded postgres: DataDir is empty")
	}
	abs, err := filepath.Abs(dataDir)
	if err == nil {
		err = makeDirs(filepath.Join(abs, "postgres"), folderMode())
	}
	if err != nil {
		return layout{}, fmt.Errorf("embedded postgres: data directory %s: %w", dataDir, err)
	}
	return existingLayout(abs)
}

// existingLayout resolves links: Postgres reports resolved paths, and the checks
// of parents and of orphans compare with what it reports.
func existingLayout(dataDir string) (layout, error) {
	real, err := filepath.EvalSymlinks(dataDir)
	if err == nil {
		real, err = filepath.Abs(real)
	}
	if err != nil {
		return layout{}, fmt.Errorf("embedded postgres: data directory %s: %w", dataDir, err)
	}
	return newLayout(real), nil
}

// folderMode is private for an ordinary user. Under root the unprivileged
// server must pass through on its way to the cluster, but need not list.
func folderMode() fs.FileMode {
	if os.Geteuid() == 0 {
		return 0o711
	}
	return 0o700
}

// makeDirs is MkdirAll whose new folders get exactly mode, whatever the umask:
// root with umask 077 would otherwise lock its own server out.
func makeDirs(path string, mode fs.FileMode) error {
	info, err := os.Stat(path)
	switch {
	case err == nil && !info.IsDir():
		return fmt.Errorf("%s is not a directory", path)
	case err == nil:
		return nil
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if err := makeDirs(filepath.Dir(path), mode); err != nil {
		return err
	}
	if err := os.Mkdir(path, mode); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return os.Chmod(path, mode)
}
