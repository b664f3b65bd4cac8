package main

import (
	"time"

	"recall/stress/world"
)

// cpuDuring is the CPU time that a process takes while work is done.
func cpuDuring(pid int, work func() error) (time.Duration, error) {
	before, err := world.CPU(pid)
	if err != nil {
		return 0, err
	}
	if err := work(); err != nil {
		return 0, err
	}
	after, err := world.CPU(pid)
	return after - before, err
}
