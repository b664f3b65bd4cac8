//go:build !linux

package embedded

import (
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// dieWithParent has no counterpart outside Linux: there a server whose owner
// was killed runs on until the next start finds and stops it (orphan.go).
func dieWithParent(*syscall.SysProcAttr, syscall.Signal) {}

// isPostmaster tells whether pid is a live postmaster of exactly this cluster,
// judged by the command line that serverArgs gave it.
func isPostmaster(pid int, cluster string) bool {
	out, err := exec.Command("ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && strings.Contains(string(out), "/postgres -D "+cluster+" ")
}
