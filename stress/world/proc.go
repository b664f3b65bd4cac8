package world

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// clockTick is the unit of times in /proc/PID/stat: Linux tells it as 1/100 s to
// programs, whatever the kernel's own is.
const clockTick = 10 * time.Millisecond

// stat is a process as /proc/PID/stat has it (Linux).
type stat struct {
	parent int
	cpu    time.Duration // user and system time, its own and that of children that have ended
}

func statOf(pid int) (stat, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return stat{}, err
	}
	return parseStat(string(text))
}

func parseStat(line string) (s stat, err error) {
	const parent, first, last = 1, 11, 14                               // fields behind the name
	fields := strings.Fields(line[strings.LastIndexByte(line, ')')+1:]) // a name may hold anything
	if len(fields) <= last {
		return s, fmt.Errorf("%q is no stat of a process", line)
	}
	if s.parent, err = strconv.Atoi(fields[parent]); err != nil {
		return s, err
	}
	var ticks int64
	for _, f := range fields[first : last+1] {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return s, err
		}
		ticks += n
	}
	s.cpu = time.Duration(ticks) * clockTick
	return s, nil
}

// CPU is the CPU time of a process (Linux) and of those of its children that have
// ended: converters count, a Postgres that still runs does not.
func CPU(pid int) (time.Duration, error) {
	s, err := statOf(pid)
	return s.cpu, err
}

// CPUBelow is the CPU time of the processes that a process has started and that still
// run, their own children included: of a server, its Postgres.
func CPUBelow(pid int) (sum time.Duration, err error) {
	all, err := processes()
	for id, s := range all {
		if id != pid && descends(all, id, pid) {
			sum += s.cpu
		}
	}
	return sum, err
}

func descends(all map[int]stat, from, ancestor int) bool {
	for range len(all) { // a number that was given away anew could make a circle
		if from == ancestor {
			return true
		}
		s, known := all[from]
		if !known {
			return false
		}
		from = s.parent
	}
	return false
}

func processes() (map[int]stat, error) {
	paths, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	all := make(map[int]stat, len(paths))
	for _, path := range paths {
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if err != nil {
			continue // not a process
		}
		switch s, err := statOf(pid); {
		case err == nil:
			all[pid] = s
		case !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ESRCH): // it has not just ended
			return nil, err
		}
	}
	return all, nil
}
