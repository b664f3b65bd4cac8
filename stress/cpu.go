package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// clockTick is the unit of times in /proc/PID/stat: Linux tells it as 1/100 s to
// programs, whatever the kernel's own is.
const clockTick = 10 * time.Millisecond

// cpuOf is the CPU time of a process (Linux) and of those of its children that have
// ended: converters count, a Postgres that still runs does not.
func cpuOf(pid int) (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	line := string(stat)
	fields := strings.Fields(line[strings.LastIndexByte(line, ')')+1:]) // a name may hold anything
	const first, last = 11, 14                                          // user and system time, own and the children's
	if len(fields) <= last {
		return 0, fmt.Errorf("process %d: %q is no stat", pid, line)
	}
	var ticks int64
	for _, f := range fields[first : last+1] {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * clockTick, nil
}

// cpuDuring is the CPU time that a process takes while work is done.
func cpuDuring(pid int, work func() error) (time.Duration, error) {
	before, err := cpuOf(pid)
	if err != nil {
		return 0, err
	}
	if err := work(); err != nil {
		return 0, err
	}
	after, err := cpuOf(pid)
	return after - before, err
}
