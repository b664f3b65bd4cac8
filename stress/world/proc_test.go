package world

import (
	"os"
	"testing"
	"time"
)

// A name may hold brackets and blanks; the times count from behind it.
func TestStatOfAProcess(t *testing.T) {
	t.Parallel()
	s, err := parseStat("42 (a (b) c) S 7 1 1 0 -1 4194560 1 0 0 0 10 20 3 4 20 0 1 0 100 0 0")
	if err != nil || s.parent != 7 || s.cpu != 370*time.Millisecond {
		t.Errorf("%+v, %v", s, err)
	}
	for _, bad := range []string{"", "42 (x) S 7", "42 (x) S p 1 1 0 -1 4194560 1 0 0 0 10 20 3 4", "42 (x) S 7 1 1 0 -1 4194560 1 0 0 0 10 x 3 4"} {
		if _, err := parseStat(bad); err == nil {
			t.Errorf("%q is a stat", bad)
		}
	}
}

func TestDescendants(t *testing.T) {
	t.Parallel()
	all := map[int]stat{1: {}, 10: {parent: 1}, 11: {parent: 10}, 12: {parent: 11}, 20: {parent: 1}, 30: {parent: 31}, 31: {parent: 30}}
	for pid, want := range map[int]bool{11: true, 12: true, 20: false, 1: false, 30: false, 99: false} {
		if descends(all, pid, 10) != want {
			t.Errorf("%d: %v", pid, !want)
		}
	}
}

// What is shared counts once, and a process that is not there is an error.
func TestMemoryOfThisProcess(t *testing.T) {
	t.Parallel()
	one, err := Memory(os.Getpid(), "VmRSS")
	check(t, err)
	all, err := MemoryOfAll(os.Getpid())
	check(t, err)
	if one < 1<<20 || all < one/2 {
		t.Errorf("it takes %d, with what is below %d", one, all)
	}
	if _, err := Memory(os.Getpid(), "VmNone"); err == nil {
		t.Error("a size that there is not is told")
	}
	if _, err := CPU(1 << 30); err == nil {
		t.Error("a process that there is not has a time")
	}
}
