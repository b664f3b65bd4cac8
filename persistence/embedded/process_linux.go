package embedded

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// dieWithParent covers kill -9 of the owner, where no code of ours can run.
func dieWithParent(attr *syscall.SysProcAttr, sig syscall.Signal) { attr.Pdeathsig = sig }

// isPostmaster tells whether pid is a live postmaster of exactly this cluster.
// Process ids are reused, so the name alone is not enough before a signal is
// sent: a postmaster also has its cluster as working directory. A zombie has
// neither and counts as gone; backends differ in their title.
func isPostmaster(pid int, cluster string) bool {
	title, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return false
	}
	program, _, _ := bytes.Cut(title, []byte{0})
	if name := filepath.Base(string(program)); name != "postgres" && name != "postmaster" {
		return false
	}
	cwd, err1 := os.Stat(fmt.Sprintf("/proc/%d/cwd", pid))
	want, err2 := os.Stat(cluster)
	return err1 == nil && err2 == nil && os.SameFile(cwd, want)
}
