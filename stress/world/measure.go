package world

import (
	"fmt"
	"os"
	"time"
)

// PIDs are the processes that run: "server" ("server-2" and so on for further ones),
// "postgres" (its first process, the parent of all others), "emulator" and "harness",
// which is this one.
func (w *World) PIDs() map[string]int {
	pids := map[string]int{"harness": os.Getpid()}
	if w.emulator != nil && w.emulator.running() {
		pids["emulator"] = w.emulator.pid()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.postgres != nil {
		pids["postgres"] = w.postgres.Pid()
	}
	name, next := "server", 2
	for _, s := range w.servers {
		if s.Running() {
			pids[name] = s.PID()
			name, next = fmt.Sprintf("server-%d", next), next+1
		}
	}
	return pids
}

// CPU is the CPU time that each process has taken so far. Postgres counts with all its
// processes, a server with the converters that it has run.
func (w *World) CPU() (map[string]time.Duration, error) {
	all := map[string]time.Duration{}
	for name, pid := range w.PIDs() {
		own, err := CPU(pid)
		if err != nil {
			return nil, err
		}
		var below time.Duration
		if name == "postgres" {
			if below, err = CPUBelow(pid); err != nil {
				return nil, err
			}
		}
		all[name] = own + below
	}
	return all, nil
}

// Memory is the resident memory of each process in bytes, Postgres with all its
// processes (see [MemoryOfAll]).
func (w *World) Memory() (map[string]int64, error) {
	all := map[string]int64{}
	for name, pid := range w.PIDs() {
		measure := func(pid int) (int64, error) { return Memory(pid, "VmRSS") }
		if name == "postgres" {
			measure = MemoryOfAll
		}
		size, err := measure(pid)
		if err != nil {
			return nil, err
		}
		all[name] = size
	}
	return all, nil
}
