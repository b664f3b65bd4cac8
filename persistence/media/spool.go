package media

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

const spoolPattern = "recall-upload-*"

// prepareSpool makes the directory and clears what a process left that was killed
// in the instant between making a file and taking its name away. Where another
// process is in that very instant, its file goes on without a name, as it should.
func prepareSpool(dir string) error {
	if err := os.MkdirAll(dir, privateDir); err != nil {
		return err
	}
	left, err := filepath.Glob(filepath.Join(dir, spoolPattern))
	for _, name := range left {
		err = errors.Join(err, unlink(name))
	}
	return err
}

// newSpool is a file without a name: the system takes it back when it is closed,
// however that comes.
func newSpool(dir string) (*os.File, error) {
	f, err := os.CreateTemp(dir, spoolPattern)
	if err != nil {
		return nil, err
	}
	if err := unlink(f.Name()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func unlink(name string) error {
	if err := os.Remove(name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
