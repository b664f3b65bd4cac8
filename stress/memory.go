package main

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"recall/stress/world"
)

// resident is the resident memory of a process (Linux), in bytes.
type resident struct {
	base int64 // before
	peak int64 // the most since: the kernel's mark or a sample, whichever is higher
}

// memoryWatch samples a process until it is ended.
type memoryWatch struct {
	pid  int
	stop chan struct{}
	done chan error
	resident
}

const (
	settleMemory = 2 * time.Second // what the start has used is given back meanwhile
	sampleMemory = 50 * time.Millisecond
)

// watchMemory takes the base and begins. The kernel's own highest mark is put back to
// the base first, so that the start of the process does not hide what follows.
func watchMemory(pid int) (*memoryWatch, error) {
	time.Sleep(settleMemory)
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0); err != nil {
		return nil, err
	}
	base, err := world.Memory(pid, "VmRSS")
	if err != nil {
		return nil, err
	}
	w := &memoryWatch{pid: pid, stop: make(chan struct{}), done: make(chan error, 1), resident: resident{base: base, peak: base}}
	go func() { w.done <- w.sample() }()
	return w, nil
}

func (w *memoryWatch) sample() error {
	tick := time.NewTicker(sampleMemory)
	defer tick.Stop()
	for {
		select {
		case <-w.stop:
			return nil
		case <-tick.C:
			now, err := world.Memory(w.pid, "VmRSS")
			if err != nil {
				return err
			}
			w.peak = max(w.peak, now)
		}
	}
}

func (w *memoryWatch) end() (resident, error) {
	close(w.stop)
	sampleErr := <-w.done
	mark, err := world.Memory(w.pid, "VmHWM")
	w.peak = max(w.peak, mark) // the kernel counts a little late
	return w.resident, errors.Join(sampleErr, err)
}

// enoughRoom refuses to fill a disk.
func enoughRoom(dir string, need uint64) error {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return err
	}
	if free := s.Bavail * uint64(s.Bsize); free < need { //nolint:gosec // never negative
		return fmt.Errorf("%s has %d MiB free, and %d are needed: name another folder in TMPDIR", dir, free>>20, need>>20)
	}
	return nil
}
