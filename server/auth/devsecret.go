package auth

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// devSecretFile is in the data directory.
const devSecretFile = "dev-secret"

// DevSecret returns the secret of development mode: 64 hexadecimal digits in a
// file that only its owner may read, made at the first call. Processes that call
// it at once get the same one. It stays over restarts, so that tokens do too;
// deleting the file ends them all.
func DevSecret(dataDir string) ([]byte, error) {
	secret, err := devSecret(dataDir)
	if err != nil {
		return nil, fmt.Errorf("development secret: %w", err)
	}
	return secret, nil
}

func devSecret(dataDir string) ([]byte, error) {
	if err := os.MkdirAll(dataDir, folderMode()); err != nil {
		return nil, err
	}
	path := filepath.Join(dataDir, devSecretFile)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, err
	}
	defer f.Close() // drops the lock too
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); err != nil {
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	if err := f.Chmod(0o600); err != nil { // a copy or a restore may have widened it
		return nil, err
	}
	return readOrWrite(f)
}

// folderMode must let an unprivileged Postgres pass where root makes the folder,
// as the embedded server's own start does.
func folderMode() os.FileMode {
	if os.Geteuid() == 0 {
		return 0o711
	}
	return 0o700
}

// readOrWrite runs under the lock. An empty file is new, or left by a process
// that was killed before it wrote; anything else that is no secret is not ours.
func readOrWrite(f *os.File) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(f, 1024))
	if err != nil {
		return nil, err
	}
	if len(text) == 0 {
		return writeSecret(f)
	}
	if len(text) != 65 || !isHex(text[:64]) {
		return nil, fmt.Errorf("%s does not hold one: remove it, and a new one is made", f.Name())
	}
	return text[:64], nil
}

func isHex(text []byte) bool {
	_, err := hex.Decode(make([]byte, hex.DecodedLen(len(text))), text)
	return err == nil
}

func writeSecret(f *os.File) ([]byte, error) {
	var random [32]byte
	_, _ = rand.Read(random[:]) // crypto/rand never fails: it ends the program instead
	secret := hex.AppendEncode(nil, random[:])
	_, err := f.WriteAt(append(secret, '\n'), 0)
	if err = errors.Join(err, f.Sync()); err != nil {
		return nil, err
	}
	return secret[:64:64], nil
}
