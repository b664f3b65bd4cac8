package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// fallbackDataDir is where root keeps data when the working directory is one
// that an unprivileged user cannot enter (typically below the home of root).
const fallbackDataDir = "/var/lib/recall"

// account is the unprivileged user Postgres runs as when we are root, because
// Postgres refuses to run as root. A nil account means "as ourselves".
type account struct {
	name     string
	uid, gid uint32
}

// DefaultDataDir is ".data" in the working directory. For root it is
// /var/lib/recall instead when the user that Postgres will run as cannot enter
// the working directory or one of its parents.
func DefaultDataDir() string {
	const local = ".data"
	if os.Geteuid() != 0 {
		return local
	}
	acc, err := unprivileged()
	if err != nil {
		return fallbackDataDir
	}
	abs, err := filepath.Abs(local)
	if err != nil || acc.blockedAt(abs) != "" {
		return fallbackDataDir
	}
	return local
}

// accountFor decides who runs the server. An existing cluster keeps its owner,
// so that starting once with sudo does not lock the ordinary user out later.
func accountFor(cluster string) (*account, error) {
	owner, err := ownerOf(cluster)
	if err != nil {
		return nil, err
	}
	return choose(uint32(os.Geteuid()), owner, cluster)
}

func choose(me uint32, owner *account, cluster string) (*account, error) {
	switch {
	case me != 0 && owner != nil && owner.uid != me:
		return nil, fmt.Errorf("embedded postgres: %s belongs to user id %d; start as that user or as root", cluster, owner.uid)
	case me != 0:
		return nil, nil
	case owner != nil && owner.uid != 0:
		return owner, nil
	default:
		return unprivileged()
	}
}

// ownerOf is nil for a path that does not exist.
func ownerOf(path string) (*account, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("embedded postgres: %w", err)
	}
	st := info.Sys().(*syscall.Stat_t)
	return &account{name: "of id " + strconv.Itoa(int(st.Uid)), uid: st.Uid, gid: st.Gid}, nil
}

// unprivileged prefers the user that the distribution's package made.
func unprivileged() (*account, error) {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err1 == nil && err2 == nil && uid != 0 {
			return &account{name: name, uid: uint32(uid), gid: uint32(gid)}, nil
		}
	}
	return nil, errors.New("embedded postgres: running as root, and neither user postgres nor nobody exists to run the server as")
}

// checkReach tells root in words which folder shuts the server out; Postgres
// itself would only say "permission denied" about the last one.
func (a *account) checkReach(dir string) error {
	if at := a.blockedAt(dir); at != "" {
		return fmt.Errorf("embedded postgres: user %s cannot enter %s, which holds the data directory: "+
			"choose a data directory elsewhere (such as %s) or allow it with chmod o+x %s", a.name, at, fallbackDataDir, at)
	}
	return nil
}

// blockedAt returns the topmost existing folder on the way to dir that the
// account may not enter, or "". Access lists beyond the mode bits are not read.
func (a *account) blockedAt(dir string) string {
	if a == nil {
		return ""
	}
	blocked := ""
	for ; ; dir = filepath.Dir(dir) {
		if info, err := os.Stat(dir); err == nil && !a.mayEnter(info) {
			blocked = dir
		}
		if dir == filepath.Dir(dir) {
			return blocked
		}
	}
}

func (a *account) mayEnter(info fs.FileInfo) bool {
	st, perm := info.Sys().(*syscall.Stat_t), info.Mode().Perm()
	switch {
	case st.Uid == a.uid:
		return perm&0o100 != 0
	case st.Gid == a.gid:
		return perm&0o010 != 0
	default:
		return perm&0o001 != 0
	}
}

// credential is what the kernel switches to between fork and exec.
func (a *account) credential() *syscall.Credential {
	if a == nil {
		return nil
	}
	return &syscall.Credential{Uid: a.uid, Gid: a.gid}
}

// give hands one path to the account; links are not followed.
func (a *account) give(path string) error {
	if a == nil {
		return nil
	}
	return os.Lchown(path, int(a.uid), int(a.gid))
}

// adopt heals a cluster that root copied or restored: its owner is then root,
// which Postgres refuses.
func (a *account) adopt(dir string) error {
	if owner, err := ownerOf(dir); a == nil || owner == nil || owner.uid == a.uid {
		return err
	}
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return a.give(path)
	})
}
