package world

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// Memory reads a size from /proc/PID/status, such as VmRSS or VmHWM, in bytes.
func Memory(pid int, field string) (int64, error) {
	sizes, err := sizesOf(pid)
	size, known := sizes[field]
	if err == nil && !known {
		err = fmt.Errorf("process %d has no %s", pid, field)
	}
	return size, err
}

// sizesOf are all sizes of /proc/PID/status, in bytes.
func sizesOf(pid int) (map[string]int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return nil, err
	}
	sizes := map[string]int64{}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(line, ":")
		amount, isSize := strings.CutSuffix(strings.TrimSpace(value), " kB")
		if kib, err := strconv.ParseInt(strings.TrimSpace(amount), 10, 64); isSize && err == nil {
			sizes[name] = kib << 10
		}
	}
	return sizes, nil
}

// MemoryOfAll is the resident memory of a process and all below it, in bytes. What they
// share, as Postgres' processes do their buffers, counts once: for the one of them that
// has touched the most of it.
func MemoryOfAll(pid int) (int64, error) {
	all, err := processes()
	if err != nil {
		return 0, err
	}
	var own, shared, files int64
	for id := range all {
		if !descends(all, id, pid) {
			continue
		}
		m, err := sizesOf(id)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
			continue // it has just ended
		}
		if err != nil {
			return 0, err
		}
		own, shared, files = own+m["RssAnon"], max(shared, m["RssShmem"]), max(files, m["RssFile"])
	}
	return own + shared + files, nil
}
