package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
)

const (
	// maxLogBytes bounds the log at each start; with the one rotated file the
	// folder holds at most twice this plus what one run writes.
	maxLogBytes = 8 << 20
	// maxReason is how much of the log is read to explain a failed start.
	maxReason = 8 << 10
)

// openLog opens the file that becomes the server's standard error. The server
// writes to it directly, so its last words outlive us.
func openLog(path string) (*os.File, error) {
	if info, err := os.Lstat(path); err == nil && info.Size() > maxLogBytes {
		if err := os.Rename(path, path+".1"); err != nil {
			return nil, fmt.Errorf("embedded postgres: rotate log: %w", err)
		}
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("embedded postgres: log: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|os.O_APPEND|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("embedded postgres: log: %w", err)
	}
	return f, nil
}

// logEnd is where the next lines will go.
func logEnd(f *os.File) int64 {
	info, err := f.Stat()
	if err != nil {
		return 0
	}
	return info.Size()
}

// logSince returns what the server wrote from offset on, bounded.
func logSince(f *os.File, offset int64) string {
	buf := make([]byte, maxReason)
	n, _ := f.ReadAt(buf, offset) // short reads are the normal case
	return string(buf[:n])
}

// reasonIn picks the lines in which Postgres says why it ended.
func reasonIn(log string) string {
	var reasons []string
	for line := range strings.Lines(log) {
		for _, level := range []string{"FATAL:", "PANIC:", "DETAIL:", "HINT:"} {
			if _, text, ok := strings.Cut(line, level); ok {
				reasons = append(reasons, strings.TrimSpace(text))
			}
		}
	}
	if len(reasons) == 0 {
		return strings.TrimSpace(log)
	}
	return strings.Join(reasons, " ")
}
